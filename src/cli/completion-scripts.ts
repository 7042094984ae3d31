/** The shells there are scripts for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** Each asks `gradus complete -- WORD...`, whose lines are whole words, and `:files` where a file may stand. */
export const completionScripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# gradus, for bash: eval "$(gradus completion bash)" in ~/.bashrc
_gradus() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line
  # bash parts words at = and :, and wants only what stands behind.
  local words="\${COMP_LINE:0:COMP_POINT}" typed
  typed="\${words##*[[:space:]]}"
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  local lead="\${typed%"$current"}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    else
      [[ $line == *= ]] && compopt -o nospace 2>/dev/null
      COMPREPLY+=("\${line#"$lead"}")
    fi
  done < <(gradus complete -- "\${before[@]}" "$typed" 2>/dev/null)
}
complete -F _gradus gradus
`,
  zsh: `#compdef gradus
# gradus, for zsh: eval "$(gradus completion zsh)" in ~/.zshrc, after compinit
_gradus() {
  local -a found rest
  found=("\${(@f)$(gradus complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  rest=("\${(@)\${(@)found:#:files}:#}")
  (( \${#rest} )) && compadd -- "\${(@)rest}"
  (( \${found[(Ie):files]} )) && _files
}
if [[ $funcstack[1] == _gradus ]]; then _gradus "$@"; else compdef _gradus gradus; fi
`,
  fish: `# gradus, for fish: gradus completion fish > ~/.config/fish/completions/gradus.fish
function __gradus_complete
    set -l typed (commandline -ct)
    set -l before (commandline -opc)
    for line in (gradus complete -- $before[2..-1] "$typed" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$typed"
        else
            echo $line
        end
    end
end
complete -c gradus -f -a '(__gradus_complete)'
`,
};
