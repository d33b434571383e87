#!/usr/bin/env python3
"""Finds two types of one name in one namespace: one_definition.py ROOT

The linker keeps one of their destructors for both, and says nothing: memory leaks or is destroyed. Types of a
.cpp file belong into an unnamed namespace, where they are out of each other's way.
"""
import collections
import pathlib
import re
import sys

NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'',
                   re.DOTALL)
NAMESPACE = re.compile(r'\bnamespace(?P<name>\s+[\w:]+)?\s*$')
TYPE = re.compile(r'\b(?:struct|class|union|enum|enum class)\s+(?:\[\[\w+\]\]\s*)?(?P<name>\w+(?:::\w+)*)(?:\s+final)?'
                  r'(?:\s*:\s*[^;{}()]*)?\s*$')
UNNAMED = 'unnamed'


def scope_of(head):
    """What a brace opens: ('namespace' | 'type' | 'block', name)."""
    if found := NAMESPACE.search(head):
        return 'namespace', (found['name'] or UNNAMED).strip()
    if found := TYPE.search(head):
        return 'type', found['name']
    return 'block', ''


def types_of(text):
    """The full names of all types that others can see, in order."""
    scopes, head = [], ''
    for char in NOISE.sub(' ', text):
        if char == '{':
            scopes.append(scope_of(head))
            names = [name for _, name in scopes]
            kinds = [kind for kind, _ in scopes]
            if kinds[-1] == 'type' and 'block' not in kinds and UNNAMED not in names:
                yield '::'.join(names)
        elif char == '}' and scopes:
            scopes.pop()
        head = '' if char in '{};' else head + char


def main(root):
    places = collections.defaultdict(set)
    for folder in 'lib', 'cmd', 'tests':
        for path in sorted((root / folder).rglob('*.[ch]pp')):
            for name in types_of(path.read_text(encoding='utf-8')):
                places[name].add(str(path.relative_to(root)))
    if len(places) < 100:
        sys.exit(f'only {len(places)} types found below {root}: this is not the whole project')
    twice = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in sorted(twice.items()):
        print(f'{name} is defined in {" and in ".join(sorted(where))}')
    sys.exit(1 if twice else 0)


main(pathlib.Path(sys.argv[1]))
