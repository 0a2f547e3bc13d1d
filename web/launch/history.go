package launch

import (
	"strings"

	"github.com/insigne-badges/insigne/badges"
)

// maxHistory bounds how many earlier courses are remembered.
const maxHistory = 10

// readHistory reads the contexts a course was copied from, the nearest first
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
