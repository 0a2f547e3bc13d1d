package campus_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// recording is a recorded exchange with Moodle.
type recording struct {
	Request  recordedRequest  `json:"request"`
	Response recordedResponse `json:"response"`
	IDToken  struct {
		Payload any `json:"payload"`
	} `json:"id_token_decoded"`
	Cases map[string]recording `json:"cases"`
	Form  map[string]any       `json:"moodle_form"`
	Post  *recording           `json:"post"`
	Get   *recording           `json:"get"`
}

type recordedRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Form    map[string]string `json:"form"`
	JSON    json.RawMessage   `json:"json"`
	Changed map[string]string `json:"changed"`
	JWT     struct {
		Header  map[string]any `json:"header"`
		Payload map[string]any `json:"payload"`
	} `json:"jwt_decoded"`
}

type recordedResponse struct {
	Status  int            `json:"status"`
	Headers map[string]any `json:"headers"`
	JSON    any            `json:"json"`
	Raw     string         `json:"raw_body"`
	Error   string         `json:"error"`
	Posted  map[string]any `json:"posted_to_tool"`
}

// mediaType returns the media type that the recorded answer declares.
func (r recordedResponse) mediaType() string { return fmt.Sprint(r.Headers["content-type"]) }

// recorded reads a recording. Each exists once, in the testdata of the package that
// needed it first.
func recorded(t *testing.T, name string) recording {
	t.Helper()
	found, err := filepath.Glob("../*/testdata/" + name + ".json")
	if err != nil || len(found) != 1 {
		t.Fatalf("recording %s: %v, %v", name, found, err)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// form returns the recorded form with this campus's token.
func (r recordedRequest) form(s *site) url.Values {
	form := url.Values{}
	for name, value := range r.Form {
		form.Set(name, strings.ReplaceAll(value, "{{WSTOKEN}}", s.Token()))
	}
	if strings.HasPrefix(form.Get("wstoken"), "{{") {
		form.Set("wstoken", s.Token())
	}
	return form
}

// shape lists the members of a JSON value with their types: "users[].id number". The
// shape of a list is that of all its elements.
func shape(v any) []string {
	members := map[string]bool{}
	addShape(members, "", v)
	return slices.Sorted(maps.Keys(members))
}

func addShape(members map[string]bool, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		members[path+" object"] = true
		for name, inner := range v {
			addShape(members, path+"."+name, inner)
		}
	case []any:
		members[path+" list"] = true
		for _, inner := range v {
			addShape(members, path+"[]", inner)
		}
	case string:
		members[path+" text"] = true
	case float64:
		members[path+" number"] = true
	case bool:
		members[path+" bool"] = true
	default:
		members[path+" null"] = true
	}
}

// compareShapes requires exactly the members of a recording, except those that begin
// with one of the exceptions.
func compareShapes(t *testing.T, got, want any, except ...string) {
	t.Helper()
	excepted := func(member string) bool {
		return slices.ContainsFunc(except, func(e string) bool { return strings.HasPrefix(member, e) })
	}
	gotShape, wantShape := shape(got), shape(want)
	for _, member := range gotShape {
		if !slices.Contains(wantShape, member) && !excepted(member) {
			t.Errorf("Moodle does not send %s", member)
		}
	}
	for _, member := range wantShape {
		if !slices.Contains(gotShape, member) && !excepted(member) {
			t.Errorf("Moodle also sends %s", member)
		}
	}
}

func number(id int64) string { return strconv.FormatInt(id, 10) }
