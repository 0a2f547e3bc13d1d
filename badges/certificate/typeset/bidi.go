package typeset

import (
	"slices"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/text/unicode/bidi"
)

// startsRightToLeft applies rules P2 and P3: the first character with a direction
// decides for the paragraph, else the caller's choice.
func startsRightToLeft(text []rune, otherwise bool) bool {
	for _, r := range text {
		switch classOf(r) {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		default: // no direction of its own
		}
	}
	return otherwise
}

func classOf(r rune) bidi.Class {
	properties, _ := bidi.LookupRune(r)
	return properties.Class()
}

// levels returns the level of each symbol. go-text knows for each run whether it goes
// to the left. Without explicit controls only numbers need more: in a paragraph to
// the right, a number is one level above the text to the left that it stands in.
func levels(text []rune, runs []shaping.Input, rightToLeft bool) []int {
	out := make([]int, len(text))
	base := 0
	if rightToLeft {
		base = 1
	}
	for _, run := range runs {
		for i := run.RunStart; i < run.RunEnd; i++ {
			switch {
			case run.Direction.Progression() == di.TowardTopLeft:
				out[i] = 1
			case rightToLeft:
				out[i] = 2
			}
		}
	}
	if base == 0 {
		raiseNumbers(text, out)
	}
	return out
}

// raiseNumbers gives level 2 to the numbers of level 0 that belong to text to the
// left: European digits after such a letter (W2, W7), Arabic digits anywhere (I1).
func raiseNumbers(text []rune, out []int) {
	afterLetter := bidi.L // the last strong class
	for i := range text {
		class := classOf(text[i])
		switch class {
		case bidi.L, bidi.R, bidi.AL:
			afterLetter = class
		default: // not strong
		}
		if out[i] != 0 {
			continue
		}
		switch class {
		case bidi.AN:
			out[i] = 2
		case bidi.EN:
			if afterLetter != bidi.L {
				out[i] = 2
			}
		case bidi.ES, bidi.CS:
			if i > 0 && i+1 < len(text) && out[i-1] == 2 && isDigit(text[i+1]) {
				out[i] = 2
			}
		case bidi.NSM, bidi.BN:
			if i > 0 && out[i-1] == 2 {
				out[i] = 2
			}
		case bidi.ET:
			if i > 0 && out[i-1] == 2 || afterLetter == bidi.R && i+1 < len(text) && classOf(text[i+1]) == bidi.EN {
				out[i] = 2
			}
		default: // stays with the text around it
		}
	}
}

func isDigit(r rune) bool {
	class := classOf(r)
	return class == bidi.EN || class == bidi.AN
}

// byLevel divides a run where the level changes.
func byLevel(run shaping.Input, levels []int) []shaping.Input {
	var out []shaping.Input
	for i := run.RunStart; i < run.RunEnd; i++ {
		if i > run.RunStart && levels[i] == levels[i-1] {
			continue
		}
		if len(out) > 0 {
			out[len(out)-1].RunEnd = i
		}
		run.RunStart = i
		out = append(out, run)
	}
	return out
}

// leftToRight puts the runs of a line in the order in which they are seen (rule L2).
// The levels are those of the runs.
func leftToRight[T any](runs []T, levels []int) {
	for level := slices.Max(append(levels, 0)); level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			j := i
			for j < len(runs) && levels[j] >= level {
				j++
			}
			slices.Reverse(runs[i:j])
			slices.Reverse(levels[i:j])
			i = j
		}
	}
}
