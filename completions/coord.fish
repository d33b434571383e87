# Completion of coord for fish. The words come from `coord __complete`.

function __coord_complete
    set -l words (commandline -opc)
    set -l raw (commandline -ct)
    set -l word (string unescape -- "$raw")
    set -q word[1]; or set word ''
    set -l program $words[1]
    command -q -- $program; or set program coord # it may be an alias
    set -l reply ($program __complete fish (math (count $words) - 1) -- $words[2..-1] "$word[1]" 2>/dev/null)
    set -l then $reply[-1]
    set -e reply[-1]
    switch "$then"
        case ':files' ':folders'
            set -l head (string match -r -- '^--[^=]*=' $word[1])
            set -l paths (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $word[1]))
            test "$then" = ':files'; or set paths (string match -- '*/*' $paths)
            test (count $paths) -eq 0; or printf '%s\n' $head$paths
        case ':command *'
            set -l from (math (string replace ':command ' '' -- $then) + 2)
            set -l typed
            test $from -gt (count $words); or set typed (string escape -- $words[$from..-1])
            complete -C (string join ' ' -- $typed "$raw")
        case '*'
            test (count $reply) -eq 0; or printf '%s\n' $reply
    end
end

complete -c coord -f -k -a '(__coord_complete)'
# The same program under its other name.
if type -q coord; and test (path resolve (command -s etcdctl; or echo /)) = (path resolve (command -s coord))
    complete -c etcdctl -f -k -a '(__coord_complete)'
end
