package web

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"
	"github.com/gorilla/securecookie"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
)

// Where the browser keeps no cookies for us, a session lives in one tab: its
// token stays in the page's memory and travels in a header, never in an
// address. Pages then follow one another inside the same document.

// tabHeader carries the token of a tab's session.
const tabHeader = "X-Insigne-Session"

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

// keepInTab begins a login without cookies.
func (s *Server) keepInTab(w http.ResponseWriter, r *http.Request) error {
	redirect, err := s.Tool.Login(r.Context(), lti.ParseLoginRequest(r.Form))
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	return s.render(w, r, locale, "launch/store", templates.Page{Title: locale.T("cookies.title", nil), Data: storageData{
		Name: redirect.Cookie.Name, Secret: redirect.Cookie.Value, Target: r.Form.Get(storageTarget), Platform: lti.Origin(redirect.URL),
		Next: redirect.URL, Fields: formFields(r, loginFields),
	}})
}

// askTab has the tab prove that it began the login; nothing is used up yet. For
// whoever cannot prove it, this is the refusal. A launch that is sent again has
// nothing to prove: its cookie went with the first.
func (s *Server) askTab(w http.ResponseWriter, r *http.Request) error {
	state := r.PostForm.Get("state")
	used, err := s.Store.LoginUsed(r.Context(), lti.LoginID(state))
	if err != nil {
		return err
	}
	if used {
		return &lti.Error{Reason: lti.StateUnknown}
	}
	target, platform, err := s.Tool.PlatformStorage(r.Context(), state)
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	return s.renderStatus(w, r, http.StatusBadRequest, locale, "launch/prove", templates.Page{Title: locale.T("cookies.title", nil), Data: storageData{
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
func (s *Server) startTab(w http.ResponseWriter, r *http.Request, who Session, page string) error {
	token, err := s.sessions.tabToken(who)
	if err != nil {
		return err
	}
	headers, err := encodeJSON(map[string]string{tabHeader: token})
	if err != nil {
		return err
	}
	securityHeaders(w, "'self'", who.FramedBy)
	allowForm(w, strings.Fields(who.FramedBy)...) // the answer to a deep linking request goes there
	locale := s.locale(r, &who)
	return s.render(w, r, locale, "launch/tab/session", who.page(who.Title, tabData{Headers: headers, Page: who.Path(page)}))
}

// tabToken is the session as a header carries it: encrypted, signed and as
// short-lived as the cookie.
func (st *sessionStore) tabToken(who Session) (string, error) {
	text, err := encodeJSON(who)
	if err != nil {
		return "", err
	}
	return securecookie.EncodeMulti(tabHeader+who.Handle, sessionValues{sessionValue: text}, st.frame.Codecs...)
}

// readTab reads the session of a tab, if the request carries one.
func (st *sessionStore) readTab(r *http.Request, who *Session) (found bool, err error) {
	token := r.Header.Get(tabHeader)
	if token == "" {
		return false, nil
	}
	var values sessionValues
	if err := securecookie.DecodeMulti(tabHeader+mux.Vars(r)["session"], token, &values, st.frame.Codecs...); err != nil {
		return true, fault.Wrap(err, fault.Unauthenticated, "problem.session_expired")
	}
	text, _ := values[sessionValue].(string)
	return true, decodeJSON(strings.NewReader(text), who)
}
