package teacher

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// byHandData is the part of a badge's page about awards by hand.
type byHandData struct {
	Awarded, Proposed int // results of the form that was just carried out
	Proposals         []proposalRow
	More              int  // number of proposals that are not shown
	Own, Others       bool // whether the shown proposals include some of the reader, and of other teachers
}

// proposalRow is a proposal.
type proposalRow struct {
	ID         badges.AssertionID
	Name       string
	By         string
	ProposedAt time.Time
	Given      badges.GivenEvidence
	Own        bool   // the reader made the proposal; another teacher decides
	Why        string // catalogue key of the reason why it cannot be confirmed; empty if it can
}

const proposalsShown = 50

func (h *Handler) byHandOf(r *http.Request, who page.Session, badge badges.Badge) (byHandData, error) {
	ctx := r.Context()
	var data byHandData
	data.Awarded, data.Proposed = countOf(r, "awarded"), countOf(r, "proposed")
	proposals, err := h.Store.Proposals(ctx, who.Course, badge.ID)
	if err != nil {
		return data, err
	}
	if len(proposals) == 0 {
		return data, nil
	}
	register, err := h.Store.Register(ctx, who.Course, badge.ID)
	if err != nil {
		return data, err
	}
	cases := register.Cases(&badge)
	data.More = max(0, len(proposals)-proposalsShown)
	for _, p := range proposals[:len(proposals)-data.More] {
		row := proposalRow{ID: p.ID, ProposedAt: p.ProposedAt, Given: p.Given, Own: p.ProposedBy == who.User}
		learner, err := h.person(ctx, who.Course, p.User)
		if err != nil {
			return data, err
		}
		teacher, err := h.person(ctx, who.Course, p.ProposedBy)
		if err != nil {
			return data, err
		}
		row.Name, row.By = learner.Name, teacher.Name
		row.Why = cases.Of(learner, nil).Blocked(badges.ATeacher, h.Now()).Key()
		data.Own, data.Others = data.Own || row.Own, data.Others || !row.Own
		data.Proposals = append(data.Proposals, row)
	}
	return data, nil
}

// countOf returns a number in the query; 0 if it is missing or not a count.
func countOf(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// person returns a member of the course. If there is none, the name is the id.
func (h *Handler) person(ctx context.Context, course badges.CourseKey, user badges.UserID) (badges.Member, error) {
	m, err := h.Store.Member(ctx, course, user)
	if fault.Is(err, fault.NotFound) {
		return badges.Member{User: user, Name: string(user)}, nil
	}
	return m, err
}

// setEndorsed sets whether a second teacher must confirm awards by hand.
func (h *Handler) setEndorsed(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	wanted := r.PostFormValue("endorsed")
	if wanted != "on" && wanted != "off" {
		return fault.New(fault.Invalid, "problem.form_unreadable")
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetEndorsed(ctx, who.Course, badge.ID, wanted == "on", who.User) })
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// decideProposals confirms, refuses or takes back the ticked proposals in one
// transaction. It passes over proposals that another teacher has decided meanwhile. It
// also passes over those that the reader may not decide; if there are no others, it
// returns the error.
func (h *Handler) decideProposals(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	decide, err := h.decisionOf(r.PostFormValue("decision"))
	if err != nil {
		return err
	}
	ticked := r.PostForm["proposal"]
	if len(ticked) > proposalsShown {
		return fault.New(fault.Invalid, "problem.form_unreadable")
	}
	awarded := 0
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		var decided int
		var forbidden error
		for _, id := range ticked {
			made, err := decideProposal(ctx, tx, badge, badges.AssertionID(id), who.User, decide)
			switch {
			case err == nil:
				decided++
			case fault.Is(err, fault.Forbidden):
				forbidden = err
			case !fault.Is(err, fault.NotFound):
				return err
			}
			if made {
				awarded++
			}
		}
		if decided > 0 {
			return nil
		}
		return forbidden
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)+"?"+url.Values{"awarded": {strconv.Itoa(awarded)}}.Encode()))
}

// decision ends a proposal and reports whether the badge was awarded.
type decision func(context.Context, *store.Tx, badges.Proposal, badges.UserID) (bool, error)

func decideProposal(ctx context.Context, tx *store.Tx, badge badges.Badge, id badges.AssertionID, by badges.UserID, decide decision) (bool, error) {
	p, err := tx.Proposal(ctx, badge.Course, badge.ID, id)
	if err != nil {
		return false, err
	}
	return decide(ctx, tx, p, by)
}

// decisionOf returns the decision of a button.
func (h *Handler) decisionOf(button string) (decision, error) {
	switch button {
	case "confirm":
		return func(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID) (bool, error) {
			result, err := h.Awards.Confirm(ctx, tx, p, by)
			return result.Outcome == badges.HandAwarded, err
		}, nil
	case "refuse":
		return func(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID) (bool, error) {
			return false, h.Awards.Refuse(ctx, tx, p, by)
		}, nil
	case "take_back":
		return func(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID) (bool, error) {
			return false, h.Awards.TakeBackProposal(ctx, tx, p, by)
		}, nil
	}
	return nil, fault.New(fault.Invalid, "problem.form_unreadable")
}
