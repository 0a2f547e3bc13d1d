package campus_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/campus"
)

// The login initiation and the page agree about storage, and mention nothing if none is
// offered, as in Moodle.
func TestStorageOffered(t *testing.T) {
	for name, offered := range map[string]bool{"as Moodle": false, "offered": true} {
		t.Run(name, func(t *testing.T) {
			s := newSiteWith(t, func(cfg *campus.Config) { cfg.OfferStorage = offered })
			x := s.newActiveTool(t)
			for _, path := range []string{"/mod/lti/launch.php?id=18&as=6", addsAsked} {
				if target := x.open(t, path).login["lti_storage_target"]; (target == "_parent") != offered {
					t.Errorf("%s: target is %q", path, target)
				}
			}
			for _, path := range []string{"/course/2?as=3", "/course/2/add?as=3", "/mod/lti/view.php?id=18&as=6"} {
				page := s.get(t, path).body
				if got := strings.Contains(page, `data-storage="`+x.home+`"`) && strings.Contains(page, "/site/storage.js"); got != offered {
					t.Errorf("%s: storage is %v", path, got)
				}
			}
		})
	}
}

// storagePage is a page of a tool. It stores data in the page around it, reads it back
// and reports the answers; then it repeats this from another origin.
const storagePage = `<!doctype html><script>
let serial = 0;
const ask = (message) => new Promise((done) => {
  const id = String(++serial);
  addEventListener("message", (event) => { if (event.data.message_id === id) done(event.data); });
  parent.postMessage({ ...message, message_id: id }, "*");
  setTimeout(() => done(null), 3000);
});
(async () => {
  const foreign = location.hostname === "localhost";
  const told = [];
  for (const message of [
    { subject: "lti.capabilities" },
    { subject: "lti.put_data", key: "state", value: "abc" },
    { subject: "lti.get_data", key: "state" },
    { subject: "lti.get_data", key: "other" },
    { subject: "lti.put_data", value: "abc" },
    { subject: "lti.put_data", key: "state", value: null },
    { subject: "lti.get_data", key: "state" },
  ].slice(foreign ? -1 : 0)) told.push(await ask(message));
  await fetch("/told", { method: "POST", body: JSON.stringify(told) });
  if (!foreign) location.hostname = "localhost";
})();
</script>`

// In Chromium, the page's script stores data for the tool's origin and not for another
// one in the same frame.
func TestStorageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("short: no browser")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no Chromium:", err)
	}
	told := make(chan []map[string]any, 2)
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/told" {
			_, _ = io.WriteString(w, storagePage)
			return
		}
		var answers []map[string]any
		if err := json.NewDecoder(r.Body).Decode(&answers); err != nil {
			t.Error(err)
		}
		told <- answers
	}))
	t.Cleanup(home.Close)
	s := newSiteWith(t, func(cfg *campus.Config) { cfg.OfferStorage = true })
	x := tool{site: s, home: home.URL}
	if err := s.Activate(s.register(t, x.registration()).json(t).(map[string]any)["client_id"].(string)); err != nil {
		t.Fatal(err)
	}
	visit(t, s.url+"/course/2?as=6")
	supported := []any{map[string]any{"subject": "lti.capabilities"}, map[string]any{"subject": "lti.put_data"}, map[string]any{"subject": "lti.get_data"}}
	want := []map[string]any{
		{"subject": "lti.capabilities.response", "message_id": "1", "supported_messages": supported},
		{"subject": "lti.put_data.response", "message_id": "2", "key": "state", "value": "abc"},
		{"subject": "lti.get_data.response", "message_id": "3", "key": "state", "value": "abc"},
		{"subject": "lti.get_data.response", "message_id": "4", "key": "other", "value": nil},
		{"subject": "lti.put_data.response", "message_id": "5", "error": map[string]any{"code": "bad_request", "message": "key is missing"}},
		{"subject": "lti.put_data.response", "message_id": "6", "key": "state"},
		{"subject": "lti.get_data.response", "message_id": "7", "key": "state", "value": nil},
	}
	for _, want := range [][]map[string]any{want, {nil}} {
		select {
		case got := <-told:
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the tool was told (-want +got):\n%s", diff)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the tool's page said nothing")
		}
	}
}
