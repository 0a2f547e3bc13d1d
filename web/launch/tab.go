package launch

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// Where the browser keeps no cookies for us, a session lives in one tab: its
// token stays in the page's memory and travels in a header, never in an
// address. Pages then follow one another inside the same document.

// proofField carries what the tab itself kept of its login.
const proofField = "proof"

// tabData is the document that a tab's session lives in.
type tabData struct {
	Headers string // JSON for htmx: the header with the token
	Page    string // the first one to show
}

// storageData is the page that keeps a login's secret in the tab before it goes
// on to the LMS, and the one that gets it back.
type storageData struct {
	Name, Secret string // as a cookie would hold them; the secret is empty on the way back
	Target       string // frame of the LMS that keeps data for tools, if it offers to
	Platform     string // origin of the LMS
	Next         string // address of the LMS
	Fields       []field
}

// storageTarget is the parameter by which an LMS offers to keep data (1EdTech
// LTI Client Side postMessages 1.0).
const storageTarget = "lti_storage_target"

// keepInTab has the tab keep what ties a login to it, and go on to the LMS.
func (h *Handler) keepInTab(w http.ResponseWriter, r *http.Request, redirect lti.LoginRedirect) error {
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "launch/store", templates.Page{Title: locale.T("cookies.title", nil), Data: storageData{
		Name: redirect.Cookie.Name, Secret: redirect.Cookie.Value, Target: r.Form.Get(storageTarget), Platform: lti.Origin(redirect.URL),
		Next: redirect.URL, Fields: formFields(r, loginFields),
	}})
}

// askTab has the tab prove that it began the login; nothing is used up yet. For
// whoever cannot prove it, this is the refusal. A launch that is sent again has
// nothing to prove: its cookie went with the first.
func (h *Handler) askTab(w http.ResponseWriter, r *http.Request) error {
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

// startTab answers a launch with the document that the session lives in.
func (h *Handler) startTab(w http.ResponseWriter, r *http.Request, who page.Session, opens string) error {
	token, err := h.Sessions.TabToken(who)
	if err != nil {
		return err
	}
	headers, err := json.Marshal(map[string]string{page.TabHeader: token})
	if err != nil {
		return err
	}
	page.SecurityHeaders(w, "'self'", who.FramedBy)
	page.AllowForm(w, strings.Fields(who.FramedBy)...) // the answer to a deep linking request goes there
	locale := h.Locale(r, &who)
	return h.Show(w, r, locale, "launch/tab/session", who.Page(who.Title, tabData{Headers: string(headers), Page: who.Path(opens)}))
}
