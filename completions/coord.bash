# shellcheck shell=bash
# Completion of coord for bash 4.4 and newer. The words come from `coord __complete`.

_coord() {
  local rest=${COMP_LINE:0:COMP_POINT} word gap='' head='' i words=() starts=()
  # COMP_WORDS is split at COMP_WORDBREAKS, at : and = too: put together what stands together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    gap=${rest%%[!$' \t\n']*} rest=${rest#"${rest%%[!$' \t\n']*}"}
    word=${COMP_WORDS[i]}
    [[ $rest == "$word"* ]] || word=$rest # the cursor is in the midst of it
    rest=${rest#"$word"}
    if ((i == 0)) || [[ -n $gap ]]; then
      words+=("$word") starts+=("$i") head=''
    else
      head=${words[-1]} words[-1]+=$word
    fi
  done
  [[ -z $word || $COMP_WORDBREAKS != *"$word"* ]] || head=${words[-1]} # bash keeps what stands before and it

  local shell=bash program reply
  program=$(type -P -- "${words[0]}") || program=coord # words[0] may be an alias
  case ${COMP_TYPE-} in 33 | 63 | 64) shell=bash-list ;; esac
  mapfile -t reply < <("$program" __complete "$shell" "$((${#words[@]} - 2))" -- \
    "${words[@]:1}" "${COMP_WORDS[@]:COMP_CWORD+1}" 2>/dev/null)
  ((${#reply[@]})) || return 0
  local then=${reply[-1]}
  unset 'reply[-1]'
  COMPREPLY=("${reply[@]#"$head"}")
  [[ ${#reply[@]} != 1 || ${reply[0]} != */ ]] || compopt -o nospace
  case $then in
    :files) compopt -o default ;;
    :folders) compopt -o dirnames ;;
    ":command "*)
      i=${starts[${then#* } + 1]}
      if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$i"
      elif declare -F _command_offset >/dev/null; then
        _command_offset "$i"
      elif ((i == COMP_CWORD)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$word")
      else
        compopt -o default
      fi
      ;;
  esac
}

complete -o nosort -F _coord coord
# The same program under its other name.
if [[ $(type -P etcdctl) -ef $(type -P coord) ]]; then complete -o nosort -F _coord etcdctl; fi
