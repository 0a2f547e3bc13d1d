package award_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// scene is a learner with an award of bronze and one of silver.
type scene struct {
	t              *testing.T
	store          *store.Store
	address        string
	clock          *storetest.Clock
	awards         award.Awards
	seen           *[]award.Change // changes that the hook got
	world          storetest.World
	bronze, silver badges.Assertion
}

func newScene(t *testing.T, address string) scene {
	t.Helper()
	s := scene{t: t, address: address, clock: storetest.NewClock(began), seen: new([]award.Change)}
	s.store = storetest.OpenAt(t, address, s.clock)
	s.awards = award.New("https://badges.example.org", rand.Reader, func(_ context.Context, _ *store.Tx, changes []award.Change) error {
		*s.seen = append(*s.seen, changes...)
		return nil
	})
	s.world = storetest.NewWorld(t, s.store, "a")
	s.bronze = s.world.Assertion("")
	silver := s.world.Months(t, s.store, s.world.NextStep(t, s.store, s.world.Badge.ID), 12)
	s.silver.Badge, s.silver.Version = silver.ID, silver.Current.ID
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		for _, id := range []badges.BadgeID{s.world.Badge.ID, silver.ID} {
			if err := tx.AddColumn(ctx, s.world.Course, id, store.Column{LineItem: "https://lms.example/" + string(id)}); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

// with returns the scene for a row, with a learner of its own.
func (s scene) with(t *testing.T, kind award.Kind) *scene {
	s.t = t
	s.bronze = s.world.Assertion("learner of " + badges.UserID(kind))
	badge, version := s.silver.Badge, s.silver.Version
	s.silver = s.world.Assertion(s.bronze.User)
	s.silver.Badge, s.silver.Version = badge, version
	return &s
}

func (s *scene) tx(f func(context.Context, *store.Tx) error) {
	s.t.Helper()
	storetest.Tx(s.t, s.store, f)
}

// follows does the act and returns what followed for the award.
func (s *scene) follows(kind award.Kind, bronze bool, act func(*scene)) outcome {
	s.t.Helper()
	id := s.silver.ID
	if bronze {
		id = s.bronze.ID
	}
	history, notices, scores, status := s.history(id), s.noticeJobs(id), s.scoreJobs(id), s.status(id)
	below := s.history(s.bronze.ID)
	*s.seen = nil
	act(s)
	s.checkHook(kind, id)
	a := storetest.Assertion(s.t, s.store, id)
	return outcome{
		audit: strings.Join(s.history(id)[len(history):], "; "), lower: s.lower(len(below), bronze),
		notices: strings.Join(s.noticeJobs(id)[len(notices):], ", "), scores: s.scoreJobs(id) - scores,
		status: changedStatus(status, s.status(id)),
		public: a.Public(), visible: a.VisibleToLearner(),
	}
}

// lower returns the state of the bronze award, and the audit entries about it
// after the first so many. It is empty if there is no such award.
func (s *scene) lower(entries int, changed bool) string {
	s.t.Helper()
	bronze, err := s.store.Assertion(s.t.Context(), s.bronze.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		s.t.Fatal(err)
	}
	state := string(bronze.State)
	for _, line := range s.history(s.bronze.ID)[entries:] {
		if !changed { // otherwise the row lists it already
			state += "; " + strings.Fields(line)[1]
		}
	}
	return state
}

// checkHook checks that the hook got the transition once.
func (s *scene) checkHook(kind award.Kind, id badges.AssertionID) {
	s.t.Helper()
	var seen []award.Kind
	for _, c := range *s.seen {
		if c.After.ID == id {
			seen = append(seen, c.Kind)
		}
	}
	if diff := cmp.Diff([]award.Kind{kind}, seen); diff != "" {
		s.t.Errorf("the hook saw (-want +got):\n%s", diff)
	}
}

// history returns the audit entries of an award.
func (s *scene) history(id badges.AssertionID) []string {
	s.t.Helper()
	entries, err := s.store.AuditOf(s.t.Context(), s.world.Course, string(id))
	if err != nil {
		s.t.Fatal(err)
	}
	lines := make([]string, len(entries))
	for i, e := range entries {
		actor, reason := e.Actor, e.Reason
		if actor == string(s.bronze.User) {
			actor = "learner"
		}
		if reason == string(s.silver.ID) {
			reason = "silver"
		}
		lines[i] = fmt.Sprintf("%s %s %s→%s", actor, e.Action, e.Old, e.New)
		if reason != "" {
			lines[i] += " (" + reason + ")"
		}
	}
	return lines
}

// noticeJobs returns the notice jobs of an award by their subject, including
// those that were left to the background work.
func (s *scene) noticeJobs(id badges.AssertionID) []string {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.QueueNotices(ctx, 1000)
		return err
	})
	var about []string
	for _, job := range storetest.Jobs(s.t, s.address, badges.SendNotice{}) {
		switch {
		case !strings.Contains(job, string(id)):
		case strings.Contains(job, string(badges.OfEnd)):
			about = append(about, "end")
		default:
			about = append(about, "award")
		}
	}
	return about
}

func (s *scene) scoreJobs(id badges.AssertionID) int {
	s.t.Helper()
	n := 0
	for _, job := range storetest.Jobs(s.t, s.address, badges.SendScore{}) {
		if strings.Contains(job, string(id)) {
			n++
		}
	}
	return n
}

// status returns the entries of an award in the status lists: whether the bit is
// set, by the purpose.
func (s *scene) status(id badges.AssertionID) map[badges.StatusPurpose]bool {
	s.t.Helper()
	return statusOf(s.t, s.store, id)
}

// statusOf returns the bits of an award by their purpose.
func statusOf(t testing.TB, s *store.Store, id badges.AssertionID) map[badges.StatusPurpose]bool {
	t.Helper()
	bits := map[badges.StatusPurpose]bool{}
	for _, e := range storetest.Must(s.StatusEntries(t.Context(), id))(t) {
		bits[e.Purpose] = slices.Contains(storetest.Must(s.StatusBits(t.Context(), e.List))(t), e.Index)
	}
	return bits
}

// changedStatus says what changed in the entries of an award.
func changedStatus(before, after map[badges.StatusPurpose]bool) string {
	if len(before) == 0 && len(after) == 2 && !after[badges.ForRevocation] && !after[badges.ForMessage] {
		return "drawn"
	}
	if len(before) != len(after) {
		return fmt.Sprintf("%v → %v", before, after)
	}
	var changes []string
	for _, purpose := range []badges.StatusPurpose{badges.ForRevocation, badges.ForMessage} {
		switch {
		case after[purpose] && !before[purpose]:
			changes = append(changes, string(purpose)+" set")
		case before[purpose] && !after[purpose]:
			changes = append(changes, string(purpose)+" cleared")
		}
	}
	return strings.Join(changes, ", ")
}

func (s *scene) give(a badges.Assertion, give func(context.Context, *store.Tx, []badges.Assertion) (int, error)) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		n, err := give(ctx, tx, []badges.Assertion{a})
		if err == nil && n != 1 {
			err = fmt.Errorf("%d awards, want 1", n)
		}
		return err
	})
}

func (s *scene) claim(id badges.AssertionID, facts bool) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.Claim(ctx, tx, id, true, facts)
		return err
	})
}

func (s *scene) review(r award.Review) {
	s.t.Helper()
	r.Course, r.Badge = s.world.Course, s.silver.Badge
	s.tx(func(ctx context.Context, tx *store.Tx) error { return s.awards.Review(ctx, tx, r) })
}

func bronzePending(s *scene)         { s.give(s.bronze, s.awards.Award) }
func bronzeClaimed(s *scene)         { s.claim(s.bronze.ID, true) }
func silverAwarded(s *scene)         { s.give(s.silver, s.awards.Award) }
func silverAwardedSilently(s *scene) { s.give(s.silver, s.awards.AwardSilently) }
func silverClaimed(s *scene)         { s.claim(s.silver.ID, true) }
func silverShowsLess(s *scene)       { s.claim(s.silver.ID, false) }

func silverMadePrivate(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.MakePrivate(ctx, tx, s.silver.ID)
		return err
	})
}

func silverMadePublic(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.MakePublic(ctx, tx, s.silver.ID)
		return err
	})
}

func silverErased(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error { return s.awards.Erase(ctx, tx, s.silver.ID) })
}

func silverWithheld(s *scene) {
	withheld := s.silver
	withheld.State = badges.Withheld
	s.give(withheld, s.awards.Award)
}

func silverReleased(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.Release(ctx, tx, s.world.Course, s.silver.Badge, []badges.AssertionID{s.silver.ID}, "3")
		return err
	})
}

func silverReleaseUndone(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.UndoRelease(ctx, tx, s.world.Course, s.silver.Badge, "3", 100)
		return err
	})
}

// untilTheWindowEnds waits almost as long as a release can be undone, and
// checks that nothing is delivered.
func untilTheWindowEnds(s *scene) {
	s.clock.Add(badges.UndoWindow - time.Microsecond)
	deliveries(s)
}

func theWindowEnds(s *scene) { s.clock.Add(badges.UndoWindow) }

func deliveries(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.Deliver(ctx, tx, 100)
		return err
	})
}

func silverDeclined(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.Decline(ctx, tx, s.silver.ID)
		return err
	})
}

func silverTakenBack(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		_, err := s.awards.TakeBack(ctx, tx, s.world.Course, s.silver.Badge, s.silver.ID, "3", "by mistake")
		return err
	})
}

func silverEvidenceLost(s *scene) { s.review(award.Review{Lost: []badges.AssertionID{s.silver.ID}}) }

func silverEvidenceBack(s *scene) { s.review(award.Review{Back: []badges.AssertionID{s.silver.ID}}) }

func silverKept(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		return s.awards.Keep(ctx, tx, s.world.Course, s.silver.Badge, s.silver.ID, "3")
	})
}

func theEndComesNear(s *scene) { s.clock.Add(350 * 24 * time.Hour) }

func reminders(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error { return s.awards.Remind(ctx, tx, 100) })
}

func silverWithoutAddress(s *scene) {
	s.silver.Recipient.Email = ""
	s.give(s.silver, s.awards.Award)
}

func silverAddressGiven(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		return s.awards.GiveAddress(ctx, tx, s.silver.ID, badges.Learner{Course: s.world.Course, User: s.silver.User}, "zoe@home.example", "fr")
	})
}

func silverAddressConfirmed(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		return s.awards.ConfirmAddress(ctx, tx, s.silver.ID, "zoe@home.example")
	})
}

func silverAddressTold(s *scene) {
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SeeMember(ctx, s.world.Course, badges.Member{User: s.silver.User, Email: "zoe@u.example", Active: true}); err != nil {
			return err
		}
		_, err := s.awards.TakeAddresses(ctx, tx, s.world.Course, 10)
		return err
	})
}
