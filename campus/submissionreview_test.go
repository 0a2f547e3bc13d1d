package campus_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var reviewLink = regexp.MustCompile(`class="review" href="([^"]+)"`)

// deepLinked adds the activity of a recorded answer.
func (x tool) deepLinked(t *testing.T) (cmid int64) {
	t.Helper()
	content := x.recordedContent(t, recorded(t, "deeplink-3-response-one-item"))
	x.post(t, x.returnPath(t), url.Values{"JWT": {sign(t, content, toolKID)}})
	added := x.added()
	if len(added) != 1 {
		t.Fatalf("activities = %v", added)
	}
	return added[0].CMID
}

// score posts a score of 32 out of 40 to a line item.
func (x tool) score(t *testing.T, lineItem string) {
	t.Helper()
	address := strings.Replace(strings.TrimPrefix(lineItem, x.url), "/lineitem?", "/lineitem/scores?", 1)
	got := x.send(t, http.MethodPost, address, `{"userId":"6","scoreGiven":32,"scoreMaximum":40,"gradingProgress":"FullyGraded","activityProgress":"Completed","timestamp":"`+x.clock().Format(time.RFC3339)+`"}`,
		"Authorization", "Bearer "+x.token(t, allScopes), "Content-Type", "application/vnd.ims.lis.v1.score+json")
	if got.status != http.StatusOK {
		t.Fatalf("score: %d %s", got.status, got.body)
	}
}

// The gradebook's link to a learner's score leads to a launch that has the form of
// Moodle's.
func TestSubmissionReview(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	cmid := number(x.deepLinked(t))
	if page := x.get(t, "/gradebook"); reviewLink.MatchString(page.body) {
		t.Error("a review of no score is offered")
	}
	own := x.open(t, "/mod/lti/launch.php?as=6&id="+cmid).claims[agsClaim].(map[string]any)["lineitem"].(string)
	x.score(t, own)
	// The first activity did not ask for reviews.
	x.score(t, x.open(t, "/mod/lti/launch.php?as=6&id=18").claims[agsClaim].(map[string]any)["lineitem"].(string))
	links := reviewLink.FindAllStringSubmatch(x.get(t, "/gradebook").body, -1)
	if len(links) != 1 || !strings.HasPrefix(links[0][1], "/mod/lti/grade.php?id="+cmid+"&amp;userid=6&amp;as=3") {
		t.Fatalf("links are %v", links)
	}
	launch := "/mod/lti/launch.php?id=" + cmid + "&triggerview=0&as=3&action=gradeReport&user=6"
	if page := x.get(t, strings.ReplaceAll(links[0][1], "&amp;", "&")); !strings.Contains(page.body, strings.ReplaceAll(launch, "&", "&amp;")) {
		t.Errorf("page is %d %s", page.status, page.body)
	}
	got := x.open(t, launch)
	want := recorded(t, "launch-submission-review-2-launch").IDToken.Payload
	compareShapes(t, got.claims, want, "."+claim+"custom")
	if custom := got.claims[claim+"custom"].(map[string]any); custom["rev"] != "1" || custom["badge_id"] != "b-1" {
		t.Errorf("custom parameters are %v", custom)
	}
	if ags := got.claims[agsClaim].(map[string]any); ags["lineitem"] != own {
		t.Errorf("line item is %v, want %s", ags["lineitem"], own)
	}
	if about := got.claims[claim+"for_user"].(map[string]any); about["user_id"] != "6" || got.claims["sub"] != "3" {
		t.Errorf("%v sees %v", got.claims["sub"], about)
	}
	if got.claims[claim+"message_type"] != "LtiSubmissionReviewRequest" || got.login["target_link_uri"] != x.home+"/launch?review=1" {
		t.Errorf("message is %v for %s", got.claims[claim+"message_type"], got.login["target_link_uri"])
	}
}

// These reviews do not exist and are refused.
func TestSubmissionReviewRefused(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	cmid := number(x.deepLinked(t))
	for name, query := range map[string]string{
		"by a learner":     "id=" + cmid + "&as=7&user=6",
		"of a teacher":     "id=" + cmid + "&as=3&user=4",
		"of nobody":        "id=" + cmid + "&as=3",
		"not asked for":    "id=18&as=3&user=6",
		"unknown activity": "id=99&as=3&user=6",
	} {
		if got := x.get(t, "/mod/lti/launch.php?action=gradeReport&"+query); got.status != http.StatusNotFound {
			t.Errorf("%s: answer is %d", name, got.status)
		}
	}
}
