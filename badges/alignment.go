package badges

import (
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Limits of a badge's alignments.
const (
	MaxAlignments = 20
	MaxAlignment  = 250 // characters of a name, a framework or a code
)

// Alignment says that a badge stands for an entry of a competence framework, such as
// ESCO, RNCP or ROME.
type Alignment struct {
	Name      string // of the entry
	Framework string // its name; may be empty
	Code      string // of the entry in the framework; may be empty
	URL       string // web address of the entry
}

// validateAlignments trims the texts, drops empty alignments and writes addresses as
// documents need them. The number of an alignment, from 1, is in the error's Position.
func (c *Content) validateAlignments() error {
	var kept []Alignment
	for i, a := range c.Alignments {
		a.Name, a.Framework = strings.TrimSpace(a.Name), strings.TrimSpace(a.Framework)
		a.Code, a.URL = strings.TrimSpace(a.Code), strings.TrimSpace(a.URL)
		if a == (Alignment{}) {
			continue
		}
		if err := a.validate(); err != nil {
			return err.With("Position", i+1)
		}
		kept = append(kept, a)
	}
	if len(kept) > MaxAlignments {
		return fault.New(fault.Invalid, "badge.alignment_too_many").With("Most", MaxAlignments)
	}
	c.Alignments = kept
	return nil
}

func (a *Alignment) validate() *fault.Error {
	for _, text := range []text{
		{key: "badge.alignment_name_", value: a.Name, most: MaxAlignment, required: true, line: true},
		{key: "badge.alignment_framework_", value: a.Framework, most: MaxAlignment, line: true},
		{key: "badge.alignment_code_", value: a.Code, most: MaxAlignment, line: true},
	} {
		if err := text.check(); err != nil {
			return err
		}
	}
	address, ok := webAddress(a.URL)
	if !ok {
		return fault.New(fault.Invalid, "badge.alignment_url_invalid")
	}
	a.URL = address
	return nil
}
