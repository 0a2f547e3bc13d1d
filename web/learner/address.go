package learner

import (
	"cmp"
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// addressData is the page on which learners give an address for an award, because their
// LMS tells none.
type addressData struct {
	Badge   view.Badge
	Back    string               // path of the badge's page
	Action  string               // path that the form posts to
	Address string               // in the field
	Given   *badges.GivenAddress // the last one, which is not confirmed; nil if there is none
	Ended   bool                 // the link in its mail has ended
	Failed  string               // why its mail was not sent; empty if it was, or is on its way
	Problem string               // what is wrong with the form; empty if nothing is
}

// ownAward returns an award of the reader. The error is fault.NotFound for any other
// award.
func (h *Handler) ownAward(r *http.Request, who page.Session) (badges.Assertion, error) {
	a, err := h.Store.Assertion(r.Context(), badges.AssertionID(mux.Vars(r)["assertion"]))
	if err == nil && !asLearner(who).Owns(a) {
		err = fault.New(fault.NotFound, "problem.not_found")
	}
	return a, err
}

func asLearner(who page.Session) badges.Learner {
	return badges.Learner{Course: who.Course, User: who.User}
}

// badgePath returns the path of the reader's page of one badge.
func badgePath(who page.Session, a badges.Assertion) string {
	return who.Path("/mine/" + string(a.Badge))
}

// addressPage shows the form. If the award awaits no address, it leads to the badge.
func (h *Handler) addressPage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	a, err := h.ownAward(r, who)
	if err != nil {
		return err
	}
	if !a.AwaitsAddress() {
		return page.SeeOther(w, r, badgePath(who, a))
	}
	data, err := h.addressOf(r.Context(), a)
	if err != nil {
		return err
	}
	return h.showAddress(w, r, who, a, http.StatusOK, data)
}

// addressOf returns what was given for an award until now. The field proposes the
// address that the person used last.
func (h *Handler) addressOf(ctx context.Context, a badges.Assertion) (addressData, error) {
	var data addressData
	given, err := h.Store.GivenAddress(ctx, a.ID)
	switch {
	case err == nil:
		data.Given, data.Address, data.Ended = &given, given.Address, !h.Now().Before(given.Ends())
		return data, nil
	case !fault.Is(err, fault.NotFound):
		return data, err
	}
	data.Address, err = h.Store.LatestAddress(ctx, a.Course.Platform, a.User)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return data, err
}

func (h *Handler) showAddress(w http.ResponseWriter, r *http.Request, who page.Session, a badges.Assertion, status int, data addressData) error {
	locale := h.Locale(r, &who)
	var err error
	if data.Badge, err = h.Views.Badge(r.Context(), a.Version, locale); err != nil {
		return err
	}
	data.Back, data.Action = badgePath(who, a), r.URL.Path
	if data.Given != nil && data.Given.Problem != "" {
		data.Failed = locale.T(failedMail(data.Given.Problem), nil)
	}
	return h.ShowStatus(w, r, status, locale, "learner/address", who.Page(locale.T("address.title", nil), data))
}

// failedMail returns the catalogue key that tells a learner what to do about a mail that
// was not sent. The administrator reads the reason in other words.
func failedMail(problem string) string {
	switch problem {
	case "mail.recipient_refused", "mail.address_invalid":
		return "address.failed_refused"
	case "mail.not_configured":
		return "address.failed_never"
	}
	return "address.failed_later"
}

// giveAddress records the address of the form and has a mail sent to it. If the address
// is refused, it shows the form again with the reason.
func (h *Handler) giveAddress(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx, locale := r.Context(), h.Locale(r, &who)
	a, err := h.ownAward(r, who)
	if err != nil {
		return err
	}
	written := r.PostFormValue("address")
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		return h.Awards.GiveAddress(ctx, tx, a.ID, asLearner(who), written, locale.Lang())
	})
	switch {
	case err == nil:
		return page.SeeOther(w, r, r.URL.Path)
	case !a.AwaitsAddress() || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict):
		return err
	}
	data, reading := h.addressOf(ctx, a)
	if reading != nil {
		return reading
	}
	problem := page.Describe(err, locale)
	data.Address, data.Problem = cmp.Or(shortenedAddress(written), data.Address), problem.Message
	return h.showAddress(w, r, who, a, problem.Status, data)
}

// shortenedAddress returns what was written, cut to what the field accepts.
func shortenedAddress(written string) string {
	if runes := []rune(written); len(runes) > badges.MaxEmailAddress {
		return string(runes[:badges.MaxEmailAddress])
	}
	return written
}
