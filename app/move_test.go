package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// ask sends a request to the host of an address, as a reverse proxy passes it on.
func ask(a *app.App, address, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w
}

// follow asks like a browser, through redirects inside the service. It returns the
// addresses that it was at, and the last answer.
func follow(t *testing.T, a *app.App, address string) (at []string, last *httptest.ResponseRecorder) {
	t.Helper()
	for range 5 {
		at = append(at, address)
		last = ask(a, address, "text/html")
		if last.Code != http.StatusTemporaryRedirect {
			return at, last
		}
		address = last.Header().Get("Location")
	}
	t.Fatalf("redirected without an end: %q", at)
	return nil, nil
}

// TestMove restarts an installation under another address. Its keys and documents stay,
// people are sent to the new address, and links in courses still open.
func TestMove(t *testing.T) {
	const oldBase, newBase = "https://badges.example.org", "https://badges.new.example"
	cfg := settings(t)
	cfg.BaseURL = oldBase
	before, stop := start(t, cfg)
	world := storetest.NewWorld(t, before.Store(), "client")
	work(t, before, func() bool {
		_, err := before.IssuerKeys().IssuerKeys(t.Context(), world.Issuer)
		return err == nil
	})
	award := world.Assertion("5")
	award.State, award.AwardedAt, award.DecidedAt = badges.Claimed, time.Now(), time.Now()
	storetest.Tx(t, before.Store(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InsertAssertion(ctx, award)
		return err
	})
	keys := storetest.Must(before.IssuerKeys().IssuerKeys(t.Context(), world.Issuer))(t)
	signIn := storetest.Must(before.AdminLink(t.Context()))(t)
	stop()

	cfg.BaseURL, cfg.FormerBaseURLs = newBase, []string{oldBase}
	after, _ := start(t, cfg)
	if diff := cmp.Diff(ids(keys), ids(storetest.Must(after.IssuerKeys().IssuerKeys(t.Context(), world.Issuer))(t))); diff != "" {
		t.Errorf("keys after the move: %s", diff)
	}
	page := "/v/" + string(award.ID)
	for _, path := range []string{page, "/", strings.TrimPrefix(signIn, oldBase)} {
		at, last := follow(t, after, oldBase+path)
		if diff := cmp.Diff([]string{oldBase + path, newBase + path}, at); diff != "" || last.Code != http.StatusOK {
			t.Errorf("%s: status %d, %s", path, last.Code, diff)
		}
	}
	for _, path := range []string{page + ".json", "/badges/" + string(award.Version), "/issuers/" + string(world.Issuer), "/lti/jwks.json"} {
		for _, base := range []string{oldBase, newBase} {
			answer := ask(after, base+path, "text/html")
			var document map[string]any
			if err := json.NewDecoder(answer.Body).Decode(&document); err != nil || answer.Code != http.StatusOK {
				t.Errorf("%s%s: status %d, %v", base, path, answer.Code, err)
			}
		}
	}
	launchAfterMove(t, after, world, oldBase, newBase)
}

// launchAfterMove opens a link that was placed in a course before the move. The
// platform still sends its users to the former address.
func launchAfterMove(t *testing.T, a *app.App, world storetest.World, oldBase, newBase string) {
	t.Helper()
	platforms := storetest.Must(a.Store().Platforms(t.Context()))(t)
	i := slices.IndexFunc(platforms, func(p store.Platform) bool { return p.ID == world.Course.Platform })
	registration := platforms[i].Registration
	at, last := follow(t, a, oldBase+"/lti/login?"+url.Values{
		"iss": {registration.Issuer}, "client_id": {registration.ClientID}, "login_hint": {"5"}, "target_link_uri": {oldBase + "/lti/launch"},
	}.Encode())
	to, err := url.Parse(last.Header().Get("Location"))
	if err != nil || last.Code != http.StatusFound || !strings.HasPrefix(at[len(at)-1], newBase) || to.Query().Get("redirect_uri") != newBase+"/lti/launch" {
		t.Errorf("the login leads to %v with status %d, %v", to, last.Code, err)
	}
}
