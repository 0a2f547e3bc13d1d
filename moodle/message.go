package moodle

import (
	"context"
	"net/url"
)

// formatHTML is Moodle's number for a text in HTML.
const formatHTML = "1"

// SendMessage sends a message from the token's user to one user. Moodle keeps simple
// HTML. The reason MessageRefused means that this user cannot be reached; the Message
// of the error says why. After Unreachable or Timeout the message may have arrived;
// SendMessage does not repeat the call.
//
// Each call sends one message: if a call contains several, one recipient who does not
// exist makes the call fail after the others were sent.
func (c *Client) SendMessage(ctx context.Context, to UserID, html string) error {
	n, err := number(to)
	if err != nil {
		return err
	}
	form := url.Values{
		"messages[0][touserid]":   {decimal(n)},
		"messages[0][text]":       {html},
		"messages[0][textformat]": {formatHTML},
	}
	var sent []struct {
		ID    int64  `json:"msgid"` // -1: refused
		Error string `json:"errormessage"`
	}
	if err := c.call(ctx, request{function: fnSendMessages, form: form, writes: true}, &sent); err != nil {
		return err
	}
	if len(sent) != 1 {
		return &Error{Function: fnSendMessages, Reason: Unexpected, Err: errMissing("message id")}
	}
	if sent[0].ID <= 0 {
		return &Error{Function: fnSendMessages, Reason: MessageRefused, Message: c.redact(sent[0].Error)}
	}
	return nil
}
