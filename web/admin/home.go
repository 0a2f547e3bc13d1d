package admin

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// adminHomeData is the administrator's first page.
type adminHomeData struct {
	Platforms  []platformRow
	Invitation string // a new registration address, shown only once
	Open       []connect.OpenInvitation
	Failing    []store.FailingNotice
	Waiting    int // notices not sent yet
	MailReady  bool
}

type platformRow struct {
	badges.Platform
	ClientID string
	Courses  int
	Problems int // courses whose last reading failed
}

func (h *Handler) adminHome(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	return h.showAdminHome(w, r, admin, "")
}

func (h *Handler) showAdminHome(w http.ResponseWriter, r *http.Request, admin page.AdminSession, invitation string) error {
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	data := adminHomeData{Invitation: invitation, MailReady: h.Mailer.Ready()}
	platforms, err := h.Store.Platforms(r.Context())
	if err != nil {
		return err
	}
	for _, p := range platforms {
		row := platformRow{Platform: p.Platform, ClientID: p.Registration.ClientID}
		courses, err := h.Store.Courses(r.Context(), p.ID)
		if err != nil {
			return err
		}
		row.Courses = len(courses)
		for _, c := range courses {
			if c.Sync.Last != nil && c.Sync.Last.Problem != "" {
				row.Problems++
			}
		}
		data.Platforms = append(data.Platforms, row)
	}
	if data.Open, err = h.Invitations.Open(r.Context()); err != nil {
		return err
	}
	if data.Failing, data.Waiting, err = h.Store.NoticeQueue(r.Context()); err != nil {
		return err
	}
	return h.Show(w, r, locale, "admin/home", admin.Page(locale.T("admin.home_title", nil), data))
}

// newInvitation makes an address that an LMS administrator pastes into Moodle. It is
// shown only once, because the store keeps only a hash of it.
func (h *Handler) newInvitation(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	invitation, err := h.Invitations.New(r.Context(), badges.ByAdmin)
	if err != nil {
		return err
	}
	return h.showAdminHome(w, r, admin, invitation.Address)
}

// revokeInvitation makes an invitation unusable.
func (h *Handler) revokeInvitation(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	if err := h.Invitations.Revoke(r.Context(), r.PostFormValue("invitation")); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin")
}

// retryNotice sends a failing notice again at once.
func (h *Handler) retryNotice(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	ctx := r.Context()
	vars := mux.Vars(r)
	of := badges.SendNotice{Assertion: badges.AssertionID(vars["assertion"]), Channel: badges.Channel(vars["channel"]), About: badges.About(vars["about"])}
	err := h.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.RetryNotice(ctx, of)
	})
	if err != nil && !fault.Is(err, fault.NotFound) { // not found: it was sent, or another retry is under way
		return err
	}
	return page.SeeOther(w, r, "/admin")
}
