package launch

import (
	"strings"

	"github.com/insigne-badges/insigne/badges"
)

// maxHistory is how many previous courses we keep.
const maxHistory = 10

// readHistory returns the contexts that a course was copied from, the nearest first
// (LTI 1.3 Core, appendix B: $Context.id.history).
func readHistory(custom string) []badges.ContextID {
	var list []badges.ContextID
	for id := range strings.SplitSeq(custom, ",") {
		if id = strings.TrimSpace(id); id != "" && len(id) <= 255 && len(list) < maxHistory {
			list = append(list, badges.ContextID(id))
		}
	}
	return list
}
