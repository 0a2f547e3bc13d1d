package campus_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list that is made while it is sent is the same in a batch, where it is one text,
// and is complete in XML.
func TestLongLists(t *testing.T) {
	s := newSite(t)
	want := s.call(t, gradesFunction, "courseid", "2", "userid", "0")
	batch := s.call(t, "tool_mobile_call_external_functions", "requests[0][function]", gradesFunction, "requests[0][arguments]", `{"courseid":2,"userid":0}`)
	var got any
	if err := json.Unmarshal([]byte(batch.(map[string]any)["responses"].([]any)[0].(map[string]any)["data"].(string)), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in a batch (-alone +batch):\n%s", diff)
	}
	form := url.Values{"wstoken": {s.Token()}, "wsfunction": {gradesFunction}, "courseid": {"2"}}
	if xml := s.post(t, "/webservice/rest/server.php", form).body; !strings.Contains(xml, "<KEY name=\"usergrades\"><MULTIPLE>\n<SINGLE>") {
		t.Errorf("in XML: %.300s", xml)
	}
}
