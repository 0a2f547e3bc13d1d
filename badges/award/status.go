package award

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// freeze returns a with the base URL of the installation.
func (w Awards) freeze(a badges.Assertion) (badges.Assertion, error) {
	if w.baseURL == "" || w.random == nil {
		return a, errors.New("claim: no base URL or random source")
	}
	a.BaseURL = w.baseURL
	return a, nil
}

// lists identifies the status lists of an issuer and base URL.
type lists struct {
	issuer  badges.IssuerID
	baseURL string
}

// statusStep is one effect of a change on the status lists.
type statusStep struct {
	lists

	assertion badges.AssertionID
	effect    effectOnStatus
}

// status draws the entries of claimed awards and changes the bits of others.
// Awards that were never claimed have no entries. If a transaction changes a bit
// twice, only the last change is written.
func (l ledger) status(ctx context.Context, changes []Change) error {
	var steps []statusStep
	messages := map[badges.AssertionID]int{} // place in steps of the last change of a message bit
	versions := versions{tx: l.tx}
	for _, c := range changes {
		effect := c.Kind.consequences().status
		if effect == leavesStatus || c.After.BaseURL == "" {
			continue
		}
		version, err := versions.of(ctx, c.After.Version)
		if err != nil {
			return err
		}
		if effect == setsMessage || effect == clearsMessage {
			if i, again := messages[c.After.ID]; again {
				steps[i].effect = effect
				continue
			}
			messages[c.After.ID] = len(steps)
		}
		steps = append(steps, statusStep{lists{version.Issuer, c.After.BaseURL}, c.After.ID, effect})
	}
	return l.takeSteps(ctx, steps)
}

// takeSteps locks the lists in order, so that two transactions never wait for
// each other. Then it draws the entries, and changes the bits.
func (l ledger) takeSteps(ctx context.Context, steps []statusStep) error {
	drawn := map[lists][]badges.AssertionID{}
	var all []lists
	for _, s := range steps {
		all = append(all, s.lists)
		if s.effect == drawsEntries {
			drawn[s.lists] = append(drawn[s.lists], s.assertion)
		}
	}
	slices.SortFunc(all, func(a, b lists) int {
		return cmp.Or(cmp.Compare(a.issuer, b.issuer), cmp.Compare(a.baseURL, b.baseURL))
	})
	all = slices.Compact(all)
	for _, of := range all {
		if err := l.tx.LockStatusLists(ctx, of.issuer, of.baseURL); err != nil {
			return err
		}
	}
	for _, of := range all {
		if err := l.draw(ctx, of, drawn[of]); err != nil {
			return err
		}
	}
	for _, change := range []struct {
		effect  effectOnStatus
		purpose badges.StatusPurpose
		set     bool
	}{{setsRevocation, badges.ForRevocation, true}, {setsMessage, badges.ForMessage, true}, {clearsMessage, badges.ForMessage, false}} {
		var of []badges.AssertionID
		for _, s := range steps {
			if s.effect == change.effect {
				of = append(of, s.assertion)
			}
		}
		if err := l.tx.SetStatus(ctx, change.purpose, change.set, of...); err != nil {
			return err
		}
	}
	return nil
}

func (l ledger) draw(ctx context.Context, of lists, ids []badges.AssertionID) error {
	for _, purpose := range []badges.StatusPurpose{badges.ForRevocation, badges.ForMessage} {
		d := store.StatusDraw{Assertions: ids, Issuer: of.issuer, BaseURL: of.baseURL, Purpose: purpose, Random: l.random}
		if err := l.tx.DrawStatus(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// FreezeClaimed gives up to most awards that an earlier version claimed what a
// claim gives now: the base URL, and entries in the status lists with the bits
// that their state asks for. It returns how many; zero means that none are left.
// It is no transition: nothing else follows from it.
func (w Awards) FreezeClaimed(ctx context.Context, tx *store.Tx, most int) (int, error) {
	list, err := tx.LockWithoutBaseURL(ctx, most)
	if err != nil {
		return 0, err
	}
	l := ledger{tx: tx, random: w.random, hooks: w.hooks}
	versions := versions{tx: tx}
	var steps []statusStep
	for _, before := range list {
		after, err := w.freeze(before)
		if err != nil {
			return 0, err
		}
		if err := tx.SetBaseURL(ctx, after.ID, after.BaseURL); err != nil {
			return 0, err
		}
		version, err := versions.of(ctx, after.Version)
		if err != nil {
			return 0, err
		}
		of := lists{version.Issuer, after.BaseURL}
		for _, effect := range presentStatus(after) {
			steps = append(steps, statusStep{of, after.ID, effect})
		}
	}
	return len(list), l.takeSteps(ctx, steps)
}

// presentStatus returns the effects that lead to the present status of a claimed
// award.
func presentStatus(a badges.Assertion) []effectOnStatus {
	effects := []effectOnStatus{drawsEntries}
	if a.ReplacedBy != "" {
		effects = append(effects, setsMessage)
	}
	if a.State == badges.Revoked {
		effects = append(effects, setsRevocation)
	}
	return effects
}
