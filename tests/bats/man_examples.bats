# The examples of man/examples do what their comments say: units are verified, the lines of jobs are run on a real etcd.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # a test is a subshell

load ../lib/etcd
load ../lib/lock
load ../lib/notify

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() {
  examples=$BATS_TEST_DIRNAME/../../man/examples
  bin=$BATS_TEST_TMPDIR/bin log=$BATS_TEST_TMPDIR/log
  mkdir "$bin"
  ln -s "$COORD" "$bin/coord"
  export PATH=$bin:$PATH log
  : >"$log"
  cd "$bin" || return
}

teardown() {
  lock_clean
  unmanage
}

# --- helpers ---

stub() { # stub NAME [BODY]: a program that writes its name down
  printf '#!/bin/sh\n%s\necho "%s $*" >>"$log"\n' "${2:-}" "$1" >"$bin/$1"
  chmod +x "$bin/$1"
}

yaml() { # yaml FILE EXPRESSION: of its document, d
  python3 -c 'import sys, yaml
d = yaml.safe_load(open(sys.argv[1]))
v = eval(sys.argv[2])
print("\n".join(v) if isinstance(v, list) else v)' "$examples/$1" "$2"
}

run_script() { # run_script NAME FILE EXPRESSION: in the background, on the test's etcd
  yaml "$2" "$3" >"$BATS_TEST_TMPDIR/$1.sh"
  start "$1" sh -e "$BATS_TEST_TMPDIR/$1.sh"
}

@test "cron: two hosts at the same time, one backup, and nothing to mail" {
  stub nightly.sh "read -r _ <$BATS_TEST_TMPDIR/until"
  mkfifo "$BATS_TEST_TMPDIR/until"
  local line
  line=$(sed -n 's/^5 3 \* \* \* *backup *//p' "$examples/cron/nightly")
  start a sh -c "$line"
  wait_until 20 has_keys backup 1
  start b sh -c "$line"
  assert_equal "$(end_of b)" "exit 0"
  echo go >"$BATS_TEST_TMPDIR/until"
  assert_equal "$(end_of a)" "exit 0"
  assert_equal "$(cat "$log")" "nightly.sh "
  assert_equal "$(out_of a; err_of a; out_of b; err_of b)" ""
  stub reindex.sh
  sh -c "$(sed -n 's/^35 3 \* \* \* *root *//p' "$examples/cron/nightly")"
}

@test "systemd: the units are as systemd wants them" {
  command -v systemd-analyze >/dev/null || skip "no systemd here"
  stub webd
  stub reindex
  local unit
  for unit in web.service reindex.service reindex.timer; do
    sed "s,/usr/bin/coord,$COORD,; s,/usr/local/bin/,$bin/," "$examples/systemd/$unit" >"$BATS_TEST_TMPDIR/$unit"
  done
  run -0 systemd-analyze verify --man=no "$BATS_TEST_TMPDIR"/{web.service,reindex.service,reindex.timer}
  refute_output --partial "$BATS_TEST_TMPDIR/"
}

@test "systemd: the line of web.service is ready once it leads, and the next host takes over" {
  stub webd 'exec sleep 60'
  local line
  line=$(sed -n 's/^ExecStart=//p' "$examples/systemd/web.service")
  line=${line//%H/host}
  line=${line//\/usr\/bin\/coord/exec coord}
  line=${line//\/usr\/local\/bin\//$bin/}
  manage "$BATS_TEST_TMPDIR/socket"
  start a sh -c "$line"
  hears "$(pid_of a) READY=1"
  start b sh -c "$line"
  hears "$(pid_of b) STATUS=waiting"
  run ! grep -q "$(pid_of b) READY=1" "$heard"
  send TERM a
  hears "$(pid_of b) READY=1"
  send TERM b
  end_of b
}

@test "docker: the worker migrates once and works on the queue" {
  stub migrate.sh
  stub send-mail.sh 'cat >>"$log"'
  "$COORD" enqueue mail one two
  run_script a docker/compose.yaml 'd["services"]["worker"]["command"][-1]'
  wait_until 10 eval '(($(grep -c send-mail "$log") == 2))'
  send TERM a
  end_of a
  grep -q migrate.sh "$log"
}

@test "gitlab: stand and tests meet, and the stand goes when the tests have ended" {
  export CI_PIPELINE_ID=7 CI_JOB_URL=https://ci/7
  stub deploy.sh
  stub acceptance.sh
  stub destroy.sh
  run_script stand gitlab/.gitlab-ci.yml 'd["stand"]["script"]'
  run_script acceptance gitlab/.gitlab-ci.yml 'd["acceptance"]["script"]'
  assert_equal "$(end_of stand 20)" "exit 0"
  assert_equal "$(end_of acceptance 20)" "exit 0"
  assert_equal "$(tr -d '\n' <"$log")" "deploy.sh acceptance.sh destroy.sh "
  run_script deploy gitlab/.gitlab-ci.yml 'd["deploy"]["script"]'
  assert_equal "$(end_of deploy)" "exit 0"
}

@test "github: the parts of a test meet the database, and it goes when they have ended" {
  export GITHUB_RUN_ID=7
  local name
  for name in migrate.sh test.sh drop.sh; do stub "$name"; done
  for name in 1 2 3; do run_script "test$name" github/workflow.yml 'd["jobs"]["test"]["steps"][0]["run"]'; done
  wait_until 20 has_keys test-7/waiters 3
  assert_equal "$(<"$log")" ""
  run_script database github/workflow.yml 'd["jobs"]["database"]["steps"][0]["run"]'
  for name in database test1 test2 test3; do assert_equal "$(end_of "$name" 20)" "exit 0"; done
  assert_equal "$(tr -d '\n' <"$log")" "migrate.sh test.sh test.sh test.sh drop.sh "
  has_keys test-7 0
}

@test "kubernetes: three pods fill the queue once and empty it" {
  stub addresses.sh 'printf "a\nb\nc\nd\ne\n"'
  stub send.sh
  local pod
  for pod in 1 2 3; do
    run_script "pod$pod" kubernetes/job.yaml 'd["spec"]["template"]["spec"]["containers"][0]["command"][-1]'
  done
  for pod in 1 2 3; do assert_equal "$(end_of "pod$pod" 30)" "exit 0"; done
  assert_equal "$(grep -c send.sh "$log")" 5
  assert_equal "$(grep -c addresses.sh "$log")" 1
}
