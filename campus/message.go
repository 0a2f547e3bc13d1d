package campus

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Message is an instant message that a person received.
type Message struct {
	To   int64  // user id
	HTML string // as Moodle stores it
	At   time.Time
}

// Messages lists a person's messages, the newest first.
func (c *Campus) Messages(user int64) []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.messages[user])
	slices.Reverse(list)
	return list
}

// Text formats of messages.
const (
	formatMoodle   = "0"
	formatHTML     = "1"
	formatMarkdown = "4"
)

// wsSendMessages sends the messages that it can. If a message in HTML follows one to an
// unknown recipient, the answer is an error although the message was sent.
func (c *Campus) wsSendMessages(a wsArgs) (any, error) {
	if !c.can("moodle/site:sendmessage") {
		return nil, noPermission("Send messages to any user")
	}
	answers := []object{}
	var unknown, spoilt bool
	for i := 0; ; i++ {
		field := func(name string) string { return a.text(fmt.Sprintf("messages[%d][%s]", i, name)) }
		if field("touserid") == "" {
			break
		}
		answer, found := c.sendMessage(field)
		spoilt = spoilt || (unknown && found && field("textformat") == formatHTML)
		unknown = unknown || !found
		answers = append(answers, answer)
	}
	switch {
	case len(answers) == 0:
		return nil, errParameter
	case spoilt:
		return nil, errMessageFormat
	}
	return answers, nil
}

func (c *Campus) sendMessage(field func(string) string) (answer object, found bool) {
	answer = object{"msgid": -1, "candeletemessagesforallusers": false, "clientmsgid": field("clientmsgid")}
	id, err := strconv.ParseInt(field("touserid"), 10, 64)
	if _, ok := c.school.person(id); err != nil || !ok {
		answer["errormessage"] = fmt.Sprintf("You cannot send a message to a user ID (%s) that doesn't exist.", field("touserid"))
		return answer, false
	}
	if !c.can("moodle/site:messageanyuser") {
		answer["errormessage"] = "You can't message this user due to their message preferences. Try adding them as a contact."
		return answer, true
	}
	m := Message{To: id, HTML: keptHTML(field("text"), field("textformat")), At: c.cfg.Now()}
	c.messages[id], c.lastMessage = append(c.messages[id], m), c.lastMessage+1
	answer["msgid"], answer["text"], answer["timecreated"] = c.lastMessage, m.HTML, m.At.Unix()
	answer["conversationid"], answer["useridfrom"] = id, serviceUser
	return answer, true
}

var (
	opensLink = regexp.MustCompile(`<a ([^>]*)>`)
	scripts   = regexp.MustCompile(`(?is)<script.*?</script>|\son\w+="[^"]*"`)
)

// keptHTML returns a message as Moodle stores it: without scripts, and with links that
// open a new window.
func keptHTML(text, format string) string {
	switch format {
	case formatHTML, formatMarkdown:
		return opensLink.ReplaceAllString(scripts.ReplaceAllString(text, ""), `<a $1 target="_blank" rel="noreferrer">`)
	case formatMoodle, "":
		return "<p>" + scripts.ReplaceAllString(text, "") + "</p>"
	default:
		return "<p>" + escape(text) + "</p>"
	}
}
