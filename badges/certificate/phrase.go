package certificate

import (
	"unicode"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

const leftToRightMark = '\u200e'

// phrase is a part of a line. Its text is empty if the signs of the clusters say it.
type phrase struct {
	clusters []typeset.Cluster
	text     string
}

// phrases divides a line. In a line to the left, a space, a point or a bracket after a
// word or a number to the right stands at the left of it. Programs that copy text then
// take it for the beginning of that word. So the two form one phrase with a text.
func phrases(l typeset.Line) []phrase {
	list := l.Clusters
	if !l.RightToLeft {
		return []phrase{{clusters: list}}
	}
	var out []phrase
	done := 0
	for i := 0; i < len(list); i++ {
		word := i
		for word < len(list) && list[word].RightToLeft && neutral(list[word].Text) {
			word++
		}
		end := word
		for end < len(list) && !list[end].RightToLeft {
			end++
		}
		if word > i && end > word {
			out = append(out, phrase{clusters: list[done:i]}, phrase{list[i:end], phraseText(list[i:word], list[word:end])})
			done = end
		}
		i = max(i, end-1)
	}
	return append(out, phrase{clusters: list[done:]})
}

// neutral reports whether the text has no direction of its own.
func neutral(text string) bool {
	for _, r := range text {
		if !unicode.IsPunct(r) && !unicode.IsSymbol(r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return text != ""
}

// phraseText ends with a left-to-right mark, so that the last point or bracket stays
// with its word when the direction changes after it.
func phraseText(after, word []typeset.Cluster) string {
	text := ""
	for _, c := range word {
		text += c.Text
	}
	for i := range after {
		text += after[len(after)-1-i].Text
	}
	return text + string(leftToRightMark)
}
