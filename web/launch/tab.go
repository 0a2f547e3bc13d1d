package launch

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// If the browser keeps no cookies for us, a session lives in one tab. Its token is in
// the memory of the page and is sent in a header, never in an address. The following
// pages are shown inside the same document.

// proofField is the form field with the secret that the tab kept from its login.
const proofField = "proof"

// tabData is the document that a session in a tab lives in.
type tabData struct {
	Headers string // JSON for htmx: the header that has the token
	Page    string // path of the first page to show
}

// storageData is the page that keeps the secret of a login in the tab before the
// browser goes to the LMS, and the page that reads it afterwards.
type storageData struct {
	Name, Secret string // name and value as in a cookie; the secret is empty on the second page
	Target       string // frame of the LMS that stores data for tools; empty if it offers none
	Platform     string // origin of the LMS
	Next         string // address of the LMS
	Fields       []field
}

// storageTarget is the parameter with which an LMS offers to store data (1EdTech LTI
// Client Side postMessages 1.0).
const storageTarget = "lti_storage_target"

// keepLoginInTab shows a page that keeps the secret of the login in the tab and goes on to
// the LMS.
func (h *Handler) keepLoginInTab(w http.ResponseWriter, r *http.Request, redirect lti.LoginRedirect) error {
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "launch/store", templates.Page{Title: locale.T("cookies.title", nil), Data: storageData{
		Name: redirect.Cookie.Name, Secret: redirect.Cookie.Value, Target: r.Form.Get(storageTarget), Platform: lti.Origin(redirect.URL),
		Next: redirect.URL, Fields: formFields(r, loginFields),
	}})
}

// askTabForProof shows a page that proves that this tab started the login. It uses nothing up.
// If the tab cannot prove it, this page is the refusal. A launch that is sent again is
// refused at once: the first one removed its cookie.
func (h *Handler) askTabForProof(w http.ResponseWriter, r *http.Request) error {
	state := r.PostForm.Get("state")
	used, err := h.Store.LoginUsed(r.Context(), lti.LoginID(state))
	if err != nil {
		return err
	}
	if used {
		return &lti.Error{Reason: lti.StateUnknown}
	}
	target, platform, err := h.Tool.PlatformStorage(r.Context(), state)
	if err != nil {
		return err
	}
	locale := h.Locale(r, nil)
	return h.ShowStatus(w, r, http.StatusBadRequest, locale, "launch/prove", templates.Page{Title: locale.T("cookies.title", nil), Data: storageData{
		Name: lti.CookieName(state), Target: target, Platform: lti.Origin(platform),
		Fields: formFields(r, []string{"id_token", "state", "error"}),
	}})
}

func formFields(r *http.Request, names []string) []field {
	var fields []field
	for _, name := range names {
		if value := r.Form.Get(name); value != "" {
			fields = append(fields, field{name, value})
		}
	}
	return fields
}

// startSessionInTab answers a launch with the document that the session lives in.
func (h *Handler) startSessionInTab(w http.ResponseWriter, r *http.Request, who page.Session, opens string) error {
	token, err := h.Sessions.TabToken(who)
	if err != nil {
		return err
	}
	headers, err := json.Marshal(map[string]string{page.TabHeader: token})
	if err != nil {
		return err
	}
	page.SecurityHeaders(w, "'self'", who.FramedBy)
	page.AllowForm(w, strings.Fields(who.FramedBy)...) // the form with the answer to a deep linking request goes there
	locale := h.Locale(r, &who)
	return h.Show(w, r, locale, "launch/tab/session", who.Page(who.Title, tabData{Headers: string(headers), Page: who.Path(opens)}))
}
