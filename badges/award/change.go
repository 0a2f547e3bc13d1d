package award

import (
	"strings"

	"github.com/insigne-badges/insigne/badges"
)

// Kind is the kind of a transition.
type Kind string

// The transitions, in the order of the table in doc.go.
const (
	Awarded         Kind = "awarded"
	AwardedSilently Kind = "awarded_silently"
	Withheld        Kind = "withheld"
	Released        Kind = "released"
	ReleaseUndone   Kind = "release_undone"
	Delivered       Kind = "delivered"
	Claimed         Kind = "claimed"
	ConsentChanged  Kind = "consent_changed"
	Declined        Kind = "declined"
	Withdrawn       Kind = "withdrawn"
	Discarded       Kind = "discarded"
	Revoked         Kind = "revoked"
	Replaced        Kind = "replaced"
	Restored        Kind = "restored"
	EvidenceLost    Kind = "evidence_lost"
	EvidenceBack    Kind = "evidence_back"
	Kept            Kind = "kept"
	Reminded        Kind = "reminded"
)

// Kinds lists all transitions.
func Kinds() []Kind {
	return []Kind{
		Awarded, AwardedSilently, Withheld, Released, ReleaseUndone, Delivered, Claimed, ConsentChanged, Declined,
		Withdrawn, Discarded, Revoked, Replaced, Restored, EvidenceLost, EvidenceBack, Kept, Reminded,
	}
}

// Change is one transition of one assertion.
type Change struct {
	Kind   Kind
	Before badges.Assertion // the zero value if the award is new
	After  badges.Assertion
	Actor  string // as in badges.AuditEntry
	Reason string // may be empty
}

// effectOnSteps is the effect of a change on awards of lower steps.
type effectOnSteps int

const (
	leavesSteps effectOnSteps = iota
	replacesBelow
	restoresBelow
)

// effectOnNotices is the effect of a change on the learner's notices.
type effectOnNotices int

const (
	tellsNothing effectOnNotices = iota
	tells
	tellsAgain
	tellsOfEnd
)

// consequences returns the row of k.
type consequences struct {
	audit   badges.Action // empty: no row
	steps   effectOnSteps
	notices effectOnNotices
	score   bool
}

// consequences is the package's table.
func (k Kind) consequences() consequences {
	switch k {
	case Awarded:
		return consequences{badges.AssertionAwarded, replacesBelow, tells, true}
	case AwardedSilently:
		return consequences{badges.AssertionAwarded, replacesBelow, tellsNothing, true}
	case Withheld:
		return consequences{badges.AssertionAwarded, leavesSteps, tellsNothing, false}
	case Released:
		return consequences{badges.AwardsReleased, leavesSteps, tellsNothing, false}
	case ReleaseUndone:
		return consequences{badges.ReleaseUndone, leavesSteps, tellsNothing, false}
	case Delivered:
		return consequences{badges.AwardDelivered, replacesBelow, tells, true}
	case Claimed:
		return consequences{badges.AssertionClaimed, replacesBelow, tellsNothing, true}
	case ConsentChanged:
		return consequences{badges.ConsentChanged, leavesSteps, tellsNothing, false}
	case Declined:
		return consequences{badges.AssertionDeclined, restoresBelow, tellsNothing, true}
	case Withdrawn, Revoked:
		return consequences{badges.AwardTakenBack, restoresBelow, tellsNothing, true}
	case Discarded:
		return consequences{badges.AwardTakenBack, leavesSteps, tellsNothing, false}
	case Replaced:
		return consequences{badges.AwardReplaced, leavesSteps, tellsNothing, false}
	case Restored:
		return consequences{badges.AwardRestored, leavesSteps, tellsAgain, false}
	case EvidenceLost:
		return consequences{badges.EvidenceLost, leavesSteps, tellsNothing, false}
	case EvidenceBack:
		return consequences{badges.EvidenceBack, leavesSteps, tellsNothing, false}
	case Kept:
		return consequences{badges.AwardKept, leavesSteps, tellsNothing, false}
	case Reminded:
		return consequences{"", leavesSteps, tellsOfEnd, false}
	}
	panic("award: no consequences for " + string(k)) // a constant without a row above
}

// auditEntry returns the audit entry of c; its action is empty if there is
// none.
func (c Change) auditEntry() badges.AuditEntry {
	e := badges.AuditEntry{
		Course: c.After.Course, Actor: c.Actor, Action: c.Kind.consequences().audit, Object: string(c.After.ID),
		Old: string(c.Before.State), New: string(c.After.State), Reason: c.Reason,
	}
	switch c.Kind { //nolint:exhaustive // the others change the state
	case ConsentChanged:
		e.Old, e.New = consent(c.Before), consent(c.After)
	case Released, ReleaseUndone, EvidenceLost, EvidenceBack, Kept:
		e.Old, e.New = condition(c.Before), condition(c.After)
	}
	return e
}

// consent returns what the learner agreed to show, for the audit log.
func consent(a badges.Assertion) string {
	var shown []string
	if a.ShowName {
		shown = append(shown, "name")
	}
	if a.ShowFacts {
		shown = append(shown, "facts")
	}
	return strings.Join(shown, ", ")
}

// condition returns the state of an award and the teacher's decision about it,
// for the audit log.
func condition(a badges.Assertion) string {
	switch {
	case a.State == badges.Withheld && !a.ReleasedAt.IsZero():
		return string(a.State) + ", released"
	case !a.KeptAt.IsZero():
		return string(a.State) + ", kept"
	case !a.EvidenceLostAt.IsZero():
		return string(a.State) + ", evidence lost"
	}
	return string(a.State)
}
