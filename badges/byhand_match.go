package badges

import (
	"errors"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// HandEligibility decides which learners can be awarded a badge by hand.
type HandEligibility struct {
	Members  []Member
	Cases    Cases           // of the badge
	Proposed map[UserID]bool // have an award that waits for a second teacher
	Now      time.Time
}

// Match finds the learner of each line by LMS user id, user name or e-mail
// address. It writes into the line why the learner cannot be awarded the badge.
// A line whose User is set keeps it.
func (s HandEligibility) Match(lines []HandLine) {
	index := newMemberIndex(s.Members)
	first := map[UserID]int{}
	for i := range lines {
		line := &lines[i]
		if line.Problem != "" {
			continue
		}
		m, problem := index.find(line)
		if problem != "" {
			line.Problem = problem
			continue
		}
		line.User, line.Name = m.User, m.Name
		if number, twice := first[m.User]; twice {
			line.Problem, line.FirstLine = "byhand.line_twice", number
			if number == 0 {
				line.Problem = "byhand.line_ticked"
			}
			continue
		}
		first[m.User] = line.Number
		line.Problem = s.problem(m, &line.Given)
	}
}

// Why returns the catalogue key of the reason why m cannot be awarded the
// badge; empty if they can.
func (s HandEligibility) Why(m Member) string {
	why := s.Cases.Of(m, nil).Blocked(ATeacher, s.Now).Key()
	if why == "" && s.Proposed[m.User] {
		return HandWaits
	}
	return why
}

func (s HandEligibility) problem(m Member, given *GivenEvidence) string {
	if why := s.Why(m); why != "" {
		return why
	}
	if err := given.Validate(); err != nil {
		if e, ok := errors.AsType[*fault.Error](err); ok {
			return e.Key()
		}
	}
	return ""
}

// Reasons to leave a learner out, as catalogue keys. HandHas and HandHigher are
// the keys of WhyHas and WhyHasHigher.
const (
	HandNotMember = "byhand.line_unknown"
	HandHas       = "cannot.has"
	HandWaits     = "byhand.line_waits"
	HandHigher    = "cannot.has_higher"
)

// memberIndex finds members by id, user name and e-mail address.
type memberIndex struct {
	byID   map[UserID]Member
	byName map[string][]Member // by e-mail address and by user name, folded
}

func newMemberIndex(members []Member) memberIndex {
	index := memberIndex{byID: make(map[UserID]Member, len(members)), byName: make(map[string][]Member, len(members))}
	for _, m := range members {
		index.byID[m.User] = m
		email, username := fold(m.Email), fold(m.Username)
		if email != "" {
			index.byName[email] = append(index.byName[email], m)
		}
		if username != "" && username != email {
			index.byName[username] = append(index.byName[username], m)
		}
	}
	return index
}

// fold returns s in the form in which addresses and user names are compared. No
// two real mailboxes differ only in case, and user names are in lower case.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// find returns the member that a line names, or the catalogue key of the reason
// why there is none.
func (x memberIndex) find(line *HandLine) (Member, string) {
	if line.User != "" {
		m, ok := x.byID[line.User]
		if !ok {
			return Member{}, HandNotMember
		}
		return m, ""
	}
	found := x.byName[fold(line.Written)]
	m, ok := x.byID[UserID(line.Written)]
	switch {
	case ok && len(found) == 0:
		return m, ""
	case !ok && len(found) == 1, ok && len(found) == 1 && found[0].User == m.User:
		return found[0], ""
	case len(found) > 0:
		return Member{}, "byhand.line_ambiguous"
	case strings.Contains(line.Written, "@") || isNumber(line.Written):
		return Member{}, HandNotMember
	}
	return Member{}, "byhand.line_username"
}

func isNumber(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
