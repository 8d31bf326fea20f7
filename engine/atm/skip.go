package atm

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep unknown fields may nest.
const maxDepth = 32

// skip passes over a value of any type, checking that it is JSON.
func (p *parser) skip(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("byte %d: nested deeper than %d", p.i, maxDepth)
	}
	switch c := p.peek(); {
	case c == '"':
		_, err := p.str()
		return err
	case c == '{':
		return p.skipList('}', depth, true)
	case c == '[':
		return p.skipList(']', depth, false)
	case c == '-' || '0' <= c && c <= '9':
		_, err := p.number("value")
		return err
	case p.literal("true"), p.literal("false"), p.literal("null"):
		return nil
	}
	return p.unexpected("a value")
}

// skipList passes over an object or an array up to its closing character.
func (p *parser) skipList(closing byte, depth int, keyed bool) error {
	p.i++
	p.space()
	if p.take(closing) {
		return nil
	}
	for {
		p.space()
		if keyed {
			if _, err := p.str(); err != nil {
				return err
			}
			p.space()
			if !p.take(':') {
				return p.unexpected("a colon")
			}
			p.space()
		}
		if err := p.skip(depth + 1); err != nil {
			return err
		}
		p.space()
		if p.take(closing) {
			return nil
		}
		if !p.take(',') {
			return p.unexpected("a comma")
		}
	}
}

// escaped finishes a string that has an escape; start is its first byte. Rare, so the standard library does it.
func (p *parser) escaped(start int) (string, error) {
	for ; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; {
		case c == '\\':
			p.i++
		case c == '"':
			p.i++
			if !utf8.Valid(p.b[start:p.i]) { // encoding/json would replace what is not
				return "", fmt.Errorf("string at byte %d is not UTF-8", start)
			}
			var s string
			if err := json.Unmarshal(p.b[start-1:p.i], &s); err != nil {
				return "", fmt.Errorf("string at byte %d: %w", start, err)
			}
			if strings.IndexByte(s, 0) >= 0 {
				return "", fmt.Errorf("string at byte %d holds U+0000, which no database keeps", start)
			}
			return s, nil
		}
	}
	return "", fmt.Errorf("string at byte %d has no end", start)
}
