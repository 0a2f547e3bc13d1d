package launch

import (
	"net/http"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// probeCookie tells whether this browser keeps our cookies where we are: a
// platform's launch works once, so that it is too late to find out afterwards.
const (
	probeCookie = "__Host-insigne-probe"
	probeField  = "insigne_probe"
)

// login answers a login initiation with a redirect to the platform, once it
// is known that cookies survive.
func (h *Handler) login(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(r); err != nil {
		return err
	}
	if !h.logins.AllowN(h.Now(), 1) {
		return page.ErrBusy
	}
	_, err := r.Cookie(probeCookie)
	keepsCookies, probed := err == nil, r.Form.Get(probeField) != ""
	if framed := r.Header.Get("Sec-Fetch-Dest") == "iframe"; framed && !keepsCookies && !probed {
		return h.probe(w, r)
	}
	request := lti.ParseLoginRequest(r.Form)
	redirect, err := h.Tool.Login(r.Context(), request)
	if err != nil {
		h.Diagnosis.NoteLogin(request, err)
		return err
	}
	if probed && !keepsCookies {
		return h.keepInTab(w, r, redirect)
	}
	setProbe(w)
	http.SetCookie(w, redirect.Cookie)
	http.Redirect(w, r, redirect.URL, http.StatusFound)
	return nil
}

func setProbe(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // SameSite=None on purpose: the LMS's page is another site
		Name: probeCookie, Value: "1", Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	})
}

// cookiesData is the page between a login initiation and the platform.
type cookiesData struct {
	Fields []field // the login's parameters, to be sent again
}

type field struct{ Name, Value string }

// loginFields are the parameters of a login initiation that travel on.
var loginFields = []string{"iss", "client_id", "login_hint", "lti_message_hint", "lti_deployment_id", "target_link_uri", storageTarget}

// probe sets a cookie and has the page come back with the same parameters. If
// it comes back without the cookie, the tab itself has to remember.
func (h *Handler) probe(w http.ResponseWriter, r *http.Request) error {
	setProbe(w)
	data := cookiesData{Fields: append(formFields(r, loginFields), field{probeField, "1"})}
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "launch/cookies", templates.Page{Title: locale.T("cookies.title", nil), Data: data})
}
