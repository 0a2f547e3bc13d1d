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
	MadePrivate     Kind = "made_private"
	MadePublic      Kind = "made_public"
	ConsentChanged  Kind = "consent_changed"
	Declined        Kind = "declined"
	Withdrawn       Kind = "withdrawn"
	Discarded       Kind = "discarded"
	Revoked         Kind = "revoked"
	Replaced        Kind = "replaced"
	Restored        Kind = "restored"
	Erased          Kind = "erased"
	EvidenceLost    Kind = "evidence_lost"
	EvidenceBack    Kind = "evidence_back"
	Kept            Kind = "kept"
	Reminded        Kind = "reminded"

	AddressGiven     Kind = "address_given"
	AddressConfirmed Kind = "address_confirmed"
	AddressTold      Kind = "address_told"
)

// Kinds lists all transitions.
func Kinds() []Kind {
	return []Kind{
		Awarded, AwardedSilently, Withheld, Released, ReleaseUndone, Delivered, Claimed, MadePrivate, MadePublic, ConsentChanged, Declined,
		Withdrawn, Discarded, Revoked, Replaced, Restored, Erased, EvidenceLost, EvidenceBack, Kept, Reminded,
		AddressGiven, AddressConfirmed, AddressTold,
	}
}

// Change is one transition of one assertion.
type Change struct {
	Kind   Kind
	Before badges.Assertion // the zero value if the award is new
	After  badges.Assertion // of an erased award only what remains of it
	Actor  string           // as in badges.AuditEntry
	Reason string           // may be empty
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

// effectOnStatus is the effect of a change on the award's entries in status
// lists.
type effectOnStatus int

const (
	leavesStatus effectOnStatus = iota
	drawsEntries
	setsRevocation
	setsMessage
	clearsMessage
)

// consequences returns the row of k.
type consequences struct {
	audit   badges.Action // empty: no row
	steps   effectOnSteps
	notices effectOnNotices
	score   bool
	status  effectOnStatus
}

// consequences is the package's table.
func (k Kind) consequences() consequences {
	switch k {
	case Awarded:
		return consequences{badges.AssertionAwarded, replacesBelow, tells, true, leavesStatus}
	case AwardedSilently:
		return consequences{badges.AssertionAwarded, replacesBelow, tellsNothing, true, leavesStatus}
	case Withheld:
		return consequences{badges.AssertionAwarded, leavesSteps, tellsNothing, false, leavesStatus}
	case Released:
		return consequences{badges.AwardsReleased, leavesSteps, tellsNothing, false, leavesStatus}
	case ReleaseUndone:
		return consequences{badges.ReleaseUndone, leavesSteps, tellsNothing, false, leavesStatus}
	case Delivered:
		return consequences{badges.AwardDelivered, replacesBelow, tells, true, leavesStatus}
	case Claimed:
		return consequences{badges.AssertionClaimed, replacesBelow, tellsNothing, true, drawsEntries}
	case MadePrivate:
		return consequences{badges.AwardMadePrivate, leavesSteps, tellsNothing, true, leavesStatus}
	case MadePublic:
		return consequences{badges.AwardMadePublic, leavesSteps, tellsNothing, true, leavesStatus}
	case ConsentChanged:
		return consequences{badges.ConsentChanged, leavesSteps, tellsNothing, false, leavesStatus}
	case Declined:
		return consequences{badges.AssertionDeclined, restoresBelow, tellsNothing, true, leavesStatus}
	case Withdrawn:
		return consequences{badges.AwardTakenBack, restoresBelow, tellsNothing, true, leavesStatus}
	case Revoked:
		return consequences{badges.AwardTakenBack, restoresBelow, tellsNothing, true, setsRevocation}
	case Discarded:
		return consequences{badges.AwardTakenBack, leavesSteps, tellsNothing, false, leavesStatus}
	case Replaced:
		return consequences{badges.AwardReplaced, leavesSteps, tellsNothing, false, setsMessage}
	case Restored:
		return consequences{badges.AwardRestored, leavesSteps, tellsAgain, false, clearsMessage}
	case Erased:
		return consequences{badges.AwardErased, restoresBelow, tellsNothing, false, leavesStatus}
	case EvidenceLost:
		return consequences{badges.EvidenceLost, leavesSteps, tellsNothing, false, leavesStatus}
	case EvidenceBack:
		return consequences{badges.EvidenceBack, leavesSteps, tellsNothing, false, leavesStatus}
	case Kept:
		return consequences{badges.AwardKept, leavesSteps, tellsNothing, false, leavesStatus}
	case Reminded:
		return consequences{"", leavesSteps, tellsOfEnd, false, leavesStatus}
	case AddressGiven:
		return consequences{badges.AddressGiven, leavesSteps, tellsNothing, false, leavesStatus}
	case AddressConfirmed:
		return consequences{badges.AddressConfirmed, leavesSteps, tellsNothing, false, leavesStatus}
	case AddressTold:
		return consequences{badges.AddressTold, leavesSteps, tellsAgain, false, leavesStatus}
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
	case AddressGiven, AddressConfirmed, AddressTold:
		e.Old, e.New = "", "" // the state stays, and the address is not for the log
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
