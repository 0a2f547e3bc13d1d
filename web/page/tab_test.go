package page_test

import (
	"net/http"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
)

// TestTabSessions opens a page with the token of a tab, with and without cookies.
func TestTabSessions(t *testing.T) {
	h := newSite(t, "k")
	who, cookies := h.begin(t, page.Session{User: "6"})
	other, others := h.begin(t, page.Session{User: "7"})
	token := func(h *site, who page.Session) string {
		text, err := h.gates.Sessions.TabToken(who)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, tt := range []struct {
		name    string
		handle  page.Session
		token   string
		cookies []*http.Cookie
		want    int
	}{
		{"the tab's own page", who, token(h, who), nil, http.StatusOK},
		{"another's page", other, token(h, who), nil, http.StatusUnauthorized},
		{"no token", who, "", nil, http.StatusUnauthorized},
		{"no token, with the cookie", who, "", cookies, http.StatusOK},
		{"a made-up token", who, "x", nil, http.StatusUnauthorized},
		{"a made-up token does not fall back to the cookie", who, "x", cookies, http.StatusUnauthorized},
		{"another's page, with the cookie of it", other, token(h, who), others, http.StatusUnauthorized},
		{"a token of another installation", who, token(newSite(t, "x"), who), nil, http.StatusUnauthorized},
		{"a cookie in place of the token", who, cookies[0].Value, nil, http.StatusUnauthorized},
		{"a token in place of the cookie", who, "", []*http.Cookie{{Name: cookies[0].Name, Value: token(h, who)}}, http.StatusUnauthorized},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := get(tt.handle.Path("/member"), tt.cookies...)
			if tt.token != "" {
				r.Header.Set(page.TabHeader, tt.token)
			}
			if got, opened := h.ask(r); got.Status != tt.want || opened != (tt.want == http.StatusOK) {
				t.Errorf("status %d, want %d; the page was opened: %t", got.Status, tt.want, opened)
			}
		})
	}
	inAddress := get(who.Path("/member") + "?" + page.TabHeader + "=" + token(h, who))
	if got, opened := h.ask(inAddress); got.Status != http.StatusUnauthorized || opened {
		t.Errorf("a token in the address: status %d", got.Status)
	}
}
