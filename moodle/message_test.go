package moodle_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/moodle"
)

const fnMessage = "core_message_send_instant_messages"

func TestSendMessage(t *testing.T) {
	good := recordedCase(t, "ws-message-send-mixed", "good_default_format")
	tests := map[string]struct {
		reply answer
		want  moodle.Reason
		says  string
	}{
		"delivered":         {good, "", ""},
		"unknown user":      {recordedCase(t, "ws-message-send-mixed", "unknown_user"), moodle.MessageRefused, "doesn't exist"},
		"not allowed":       {recorded(t, "ws-message-send-no-capability"), moodle.MessageRefused, "message preferences"},
		"suspended account": {recordedCase(t, "ws-message-send-mixed", "suspended_account"), "", ""},
		"format refused":    {recordedCase(t, "ws-message-send-mixed", "unknown_and_good_html"), moodle.Refused, "formatnotsupported"},
		"no answer":         {text(`[]`), moodle.Unexpected, ""},
		"no id":             {text(`[{"text":"x"}]`), moodle.MessageRefused, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := newSite(t, map[string]answer{fnMessage: tt.reply}).client().SendMessage(t.Context(), "7", "<p>x</p>")
			if moodle.ReasonOf(err) != tt.want {
				t.Fatalf("%v, want %q", err, tt.want)
			}
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v does not say %q", err, tt.says)
			}
		})
	}
}

func TestMessageForm(t *testing.T) {
	good := recordedCase(t, "ws-message-send-mixed", "good_default_format")
	var sent url.Values
	s := newSite(t, map[string]answer{fnMessage: func(form url.Values) (int, []byte) {
		sent = form
		if form.Has("messages[1][touserid]") {
			return http.StatusBadRequest, nil
		}
		return good(form)
	}})
	html := `<p>Félicitations & <a href="https://example.org/b/1">badge</a></p>`
	if err := s.client().SendMessage(t.Context(), "7", html); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"messages[0][touserid]": "7", "messages[0][text]": html, "messages[0][textformat]": "1",
	} {
		if got := sent.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
