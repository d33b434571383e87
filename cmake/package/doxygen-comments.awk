# A header as Doxygen wants it: plain comments become its own, and what stands at the head is told of the class that it names too.
function plain(text) { # no word of it means anything to Doxygen, and lines that stand apart stay apart
  gsub(/[\\@<>#&]/, "\\\\&", text)
  sub(/^   +/, "@n ", text)
  return text
}
function of_doxygen(line,   at, before) {
  at = match(line, /^ *\/\/( |$)|[;,{})] +\/\/ /) ? index(substr(line, RSTART), "//") + RSTART - 1 : 0
  if (!at || line ~ /^}/) {
    behind = 0
    return line
  }
  before = substr(line, 1, at - 1)
  behind = before !~ /^ *$/ || at == behind ? at : 0 # the column of a member's comment, which may go on in the next line
  return before (behind ? "///<" : "///") plain(substr(line, at + 2))
}
function head_as(command,   i) {
  print "/// @" command
  for (i = 1; i <= head; i++) print of_doxygen(lines[i])
  print ""
}
{ lines[NR] = $0 }
NR == head + 1 && /^\/\// { head = NR }
/^namespace coord/ { space = $2 }
/^(class|struct) / && !/;$/ { kind[$2] = $1 }
END {
  head_as("file")
  name = lines[1]
  sub(/^\/\/ /, "", name)
  sub(/[^A-Za-z].*/, "", name)
  if (name in kind) head_as(kind[name] " " space "::" name)
  for (i = head + 1; i <= NR; i++) print of_doxygen(lines[i])
}
