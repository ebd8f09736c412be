# Flattens JSON to lines `path<TAB>value`: `violations.0.operation<TAB>openat`; an array or object also gives `path.#<TAB>number of its members`.
# Strings keep their escapes, so a value is always one line. Enough for the reports of catbox; it takes well-formed input for granted.
function blanks() { while (at <= size && index(" \t\r\n", substr(text, at, 1))) at++ }
function string(    start, character) {
    start = ++at
    while (at <= size && (character = substr(text, at, 1)) != "\"") at += character == "\\" ? 2 : 1
    at++
    return substr(text, start, at - 1 - start)
}
function value(path,    character, count, key, start) {
    blanks()
    character = substr(text, at, 1)
    if (character == "{" || character == "[") {
        at++; count = 0; blanks()
        while (at <= size && substr(text, at, 1) != (character == "{" ? "}" : "]")) {
            if (character == "{") { key = string(); blanks(); at++ } else key = count
            value(path == "" ? key : path "." key)
            count++; blanks()
            if (substr(text, at, 1) == ",") { at++; blanks() }
        }
        at++
        print (path == "" ? "#" : path ".#") "\t" count
    } else if (character == "\"") {
        print path "\t" string()
    } else {
        start = at
        while (at <= size && !index(",]} \t\r\n", substr(text, at, 1))) at++
        print path "\t" substr(text, start, at - start)
    }
}
{ text = text $0 "\n" }
END { size = length(text); at = 1; value("") }
