package badges

import (
	"math"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Limits of what a badge counts for. Each may also be 0, which means that nothing is
// said.
const (
	MaxCredits = 600   // ECTS, with up to two decimals; a doctorate has 180
	MaxLevel   = 8     // European Qualifications Framework
	MaxHours   = 20000 // more than 600 credits ask for
)

func (c *Content) validateWorkload() error {
	if !(c.Credits >= 0 && c.Credits <= MaxCredits) || math.Round(c.Credits*100)/100 != c.Credits { // NaN is neither
		return fault.New(fault.Invalid, "badge.credits_out_of_range").With("Most", MaxCredits)
	}
	if c.Level < 0 || c.Level > MaxLevel {
		return fault.New(fault.Invalid, "badge.level_out_of_range").With("Most", MaxLevel)
	}
	if c.Hours < 0 || c.Hours > MaxHours {
		return fault.New(fault.Invalid, "badge.hours_out_of_range").With("Most", MaxHours)
	}
	return nil
}
