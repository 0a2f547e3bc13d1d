package launch

import (
	"net/http"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// probeCookie is a cookie that shows whether the browser keeps our cookies inside the
// LMS frame. We find out before the launch, because a launch can be sent only once.
const (
	probeCookie = "__Host-insigne-probe"
	probeField  = "insigne_probe"
)

// login answers a login initiation with a redirect to the platform. Inside a frame it
// first finds out whether the browser keeps our cookies.
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
		return h.keepLoginInTab(w, r, redirect)
	}
	setProbe(w)
	http.SetCookie(w, redirect.Cookie)
	http.Redirect(w, r, redirect.URL, http.StatusFound)
	return nil
}

func setProbe(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // SameSite=None: the page of the LMS is another site
		Name: probeCookie, Value: "1", Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	})
}

// cookiesData is the page that sends the login again, to see whether the cookie was
// kept.
type cookiesData struct {
	Fields []field // the parameters of the login, to send again
}

type field struct{ Name, Value string }

// loginFields are the parameters of a login initiation that we send again.
var loginFields = []string{"iss", "client_id", "login_hint", "lti_message_hint", "lti_deployment_id", "target_link_uri", storageTarget}

// probe sets a cookie and shows a page that sends the same login again. If the login
// comes without the cookie, the session will be in the tab.
func (h *Handler) probe(w http.ResponseWriter, r *http.Request) error {
	setProbe(w)
	data := cookiesData{Fields: append(formFields(r, loginFields), field{probeField, "1"})}
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "launch/cookies", templates.Page{Title: locale.T("cookies.title", nil), Data: data})
}
