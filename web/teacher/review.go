package teacher

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// reviewData is the part of a badge's page about lost evidence.
type reviewData struct {
	Policy       badges.Policy
	LostEvidence []lostEvidenceRow
	More         bool // there are more than listed
}

// lostEvidenceRow is an award with lost evidence. The teacher has to decide about it.
type lostEvidenceRow struct {
	Name     string
	State    badges.AssertionState
	Revokes  bool // it was claimed: taking it back revokes it
	LostAt   time.Time
	Criteria []view.Criterion // with the learner's results now
	Path     string
}

// lostEvidenceShown is how many awards the page lists. The others are listed after these are
// decided.
const lostEvidenceShown = 50

// reviewOf returns the awards with lost evidence, with the learners' results of the
// last reading.
func (h *Handler) reviewOf(ctx context.Context, who page.Session, badge badges.Badge, locale templates.Locale) (reviewData, error) {
	data := reviewData{Policy: badge.Policy}
	lost, err := h.Store.WithLostEvidence(ctx, who.Course, badge.ID, lostEvidenceShown+1)
	if err != nil {
		return reviewData{}, err
	}
	if data.More = len(lost) > lostEvidenceShown; data.More {
		lost = lost[:lostEvidenceShown]
	}
	for _, a := range lost {
		version, err := h.Store.Version(ctx, a.Version)
		if err != nil {
			return reviewData{}, err
		}
		evidence, err := h.evidenceOf(ctx, who.Course, a.User)
		if err != nil {
			return reviewData{}, err
		}
		x := a.Explain(&version.Rule, evidence)
		data.LostEvidence = append(data.LostEvidence, lostEvidenceRow{
			Name: a.Recipient.Name, State: a.State, Revokes: a.WasClaimed(), LostAt: a.EvidenceLostAt, Criteria: view.Criteria(&x, locale),
			Path: who.Path("/badges/" + string(badge.ID) + "/recipients/" + string(a.ID)),
		})
	}
	return data, nil
}

// setPolicy sets jury mode, and what follows when evidence is lost.
func (h *Handler) setPolicy(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	policy, err := badges.ParsePolicy(r.PostFormValue("policy"))
	if err != nil {
		return err
	}
	ctx := r.Context()
	jury := r.PostFormValue("jury") == "on"
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		if jury != badge.Jury {
			if err := tx.SetJury(ctx, who.Course, badge.ID, jury, who.User); err != nil {
				return err
			}
		}
		if policy == badge.Policy {
			return nil
		}
		return tx.SetPolicy(ctx, who.Course, badge.ID, policy, who.User)
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// keepAward keeps an award although its evidence is lost.
func (h *Handler) keepAward(w http.ResponseWriter, r *http.Request, who page.Session) error {
	return h.decideAward(w, r, who, func(ctx context.Context, tx *store.Tx, badge badges.BadgeID, id badges.AssertionID) error {
		return h.Awards.Keep(ctx, tx, who.Course, badge, id, who.User)
	})
}

// takeBackAward revokes a public award, or withdraws one that is not public.
func (h *Handler) takeBackAward(w http.ResponseWriter, r *http.Request, who page.Session) error {
	reason := r.PostFormValue("reason")
	return h.decideAward(w, r, who, func(ctx context.Context, tx *store.Tx, badge badges.BadgeID, id badges.AssertionID) error {
		_, err := h.Awards.TakeBack(ctx, tx, who.Course, badge, id, who.User, reason)
		return err
	})
}

func (h *Handler) decideAward(w http.ResponseWriter, r *http.Request, who page.Session, decide func(context.Context, *store.Tx, badges.BadgeID, badges.AssertionID) error) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	id := badges.AssertionID(mux.Vars(r)["assertion"])
	ctx := r.Context()
	if err := h.Store.Tx(ctx, func(tx *store.Tx) error { return decide(ctx, tx, badge.ID, id) }); err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// evidenceOf returns what the last readings found about a learner; nil before the
// first.
func (h *Handler) evidenceOf(ctx context.Context, course badges.CourseKey, user badges.UserID) (badges.Evidence, error) {
	evidence, _, err := h.Store.Evidence(ctx, course, user)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return evidence, nil
}
