package badges

import (
	"strings"
	"unicode"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Limits of a badge's tags.
const (
	MaxTags = 20
	MaxTag  = 60 // characters of one tag
)

// ParseTags returns the tags in a text that separates them with commas or semicolons,
// also those of Arabic and Chinese. It drops empty tags.
func ParseTags(written string) []string {
	return trimTags(strings.FieldsFunc(written, func(r rune) bool { return strings.ContainsRune(",;،؛、，；", r) }))
}

// trimTags returns tags without empty ones and repetitions, each with single spaces. It
// returns nil if none is left.
func trimTags(tags []string) []string {
	var kept []string
	written := map[string]bool{}
	for _, tag := range tags {
		tag = strings.Join(strings.FieldsFunc(tag, isSpace), " ")
		if small := strings.ToLower(tag); tag != "" && !written[small] {
			kept, written[small] = append(kept, tag), true
		}
	}
	return kept
}

// isSpace leaves control characters alone: they are refused.
func isSpace(r rune) bool { return unicode.IsSpace(r) && !isControl(r) }

func (c *Content) validateTags() error {
	c.Tags = trimTags(c.Tags)
	if len(c.Tags) > MaxTags {
		return fault.New(fault.Invalid, "badge.tags_too_many").With("Most", MaxTags)
	}
	for _, tag := range c.Tags {
		if err := (text{key: "badge.tags_", value: tag, most: MaxTag, required: true, line: true}).check(); err != nil {
			return err.With("Tag", tag)
		}
	}
	return nil
}
