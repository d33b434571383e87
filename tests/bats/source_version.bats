#!/usr/bin/env bats
# The version that a build gets: of a clone with and without tags, and of the tarball of its sources.

load ../lib/etcd.bash

setup() {
  SOURCES=$BATS_TEST_TMPDIR/sources
  git init -q "$SOURCES"
  cd "$SOURCES" || return
  git config user.name tester
  git config user.email tester@example.org
  cp "$BATS_TEST_DIRNAME/../../.gitattributes" .
  cp -r "$BATS_TEST_DIRNAME/../../cmake" .
  git add .
  GIT_COMMITTER_DATE='1234567890 +0200' git commit -qm one
}

words_of() { # words_of SOURCES: what cmake finds out there
  local build
  build=$(mktemp -d "$BATS_TEST_TMPDIR/build.XXXXXX")
  cmake -DPROJECT_VERSION=0.1.0 -DPROJECT_SOURCE_DIR="$1" -DPROJECT_BINARY_DIR="$build" -P "$1/cmake/CoordVersion.cmake"
  cat "$build/version.env"
}
debian_version_of() { words_of "$@" | sed -n 's/^COORD_DEBIAN_VERSION=//p'; }
version_of() { words_of "$@" | sed -n 's/^COORD_VERSION=//p'; }

unpack() { # unpack FOLDER: the tarball of HEAD
  mkdir -p "$1"
  git archive HEAD | tar -x -C "$1"
}

commit_of() { git rev-parse HEAD | cut -c 1-10; }

@test "source version: without a tag it is the project's, with the commit" {
  [[ $(version_of .) == "0.1.0+git.$(commit_of)" ]]
  unpack ../tarball
  [[ $(words_of .) == "$(words_of ../tarball)" ]]
  [[ $(words_of .) == *$'\nSOURCE_DATE_EPOCH=1234567890' ]]
}

@test "source version: at the tag v1.2.3 it is 1.2.3, in the tarball too" {
  git tag v1.2.3
  git tag vendor-4
  unpack ../tarball
  [[ $(version_of .) == 1.2.3 && $(words_of .) == "$(words_of ../tarball)" ]]
}

@test "source version: behind a tag it says how far, in as many digits in every clone" {
  git tag v1.2.3
  git commit -q --allow-empty -m two
  git config core.abbrev 20
  unpack ../tarball
  [[ $(version_of .) == "1.2.3-1-g$(commit_of)" && $(words_of .) == "$(words_of ../tarball)" ]]
}

@test "source version: what is not committed is told" {
  echo >>cmake/CoordVersion.cmake
  [[ $(version_of .) == "0.1.0+git.$(commit_of).dirty" ]]
  git tag v1.2.3
  [[ $(version_of .) == 1.2.3-dirty ]]
}

@test "source version: a tarball that is unpacked in somebody else's clone has its own" {
  git tag v1.2.3
  unpack inside
  git commit -q --allow-empty -m two
  [[ $(version_of inside) == 1.2.3 ]]
}

@test "source version: without git and without a commit it is the project's" {
  rm -rf .git
  run -0 words_of .
  assert_line COORD_VERSION=0.1.0
  assert_line SOURCE_DATE_EPOCH=0
}

@test "source version: SOURCE_DATE_EPOCH counts over the commit's date" {
  SOURCE_DATE_EPOCH=86400 run -0 words_of .
  assert_line SOURCE_DATE_EPOCH=86400
}

@test "source version: Debian takes a candidate for older, and what is behind a tag for newer" {
  git tag v1.2.3-rc1
  local candidate release behind
  candidate=$(debian_version_of .)
  git commit -q --allow-empty -m two
  git tag v1.2.3
  release=$(debian_version_of .)
  git commit -q --allow-empty -m three
  behind=$(debian_version_of .)
  [[ $candidate == 1.2.3~rc1 && $release == 1.2.3 && $behind != *-* ]]
  dpkg --compare-versions "$candidate" lt "$release"
  dpkg --compare-versions "$release" lt "$behind"
}
