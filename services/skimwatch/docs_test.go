package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// called finds a call of the program at the start of a line of a code block, behind variables, and ends before pipes and comments.
var called = regexp.MustCompile(`^(?:[A-Z_]+=\S+ )*(?:\S*/)?skimwatch((?: [^|>&#\\]+)?)`)

// Every call of the program in the code blocks of the documents names commands and flags that exist.
func TestDocuments(t *testing.T) {
	root := filepath.Join("..", "..")
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, f := range append(files, filepath.Join(root, "README.md")) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		block := false
		for line := range strings.Lines(string(b)) {
			line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
			if strings.HasPrefix(line, "```") {
				block = !block
				continue
			}
			line = strings.TrimPrefix(line, "go run ./services/")
			if m := called.FindStringSubmatch(line); block && m != nil {
				calls++
				t.Run(filepath.Base(f), func(t *testing.T) { parses(t, strings.Fields(m[1])) })
			}
		}
	}
	if calls < 10 {
		t.Errorf("found %d calls, but the documents are full of them", calls)
	}
}
