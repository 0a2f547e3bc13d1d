package campus

import (
	"bytes"
	"encoding/json"
	"fmt"
)

const batchFunction = "tool_mobile_call_external_functions"

// wsBatch calls several functions. Like Moodle's mobile service, it stops at the first
// error and leaves out the rest.
func (c *Campus) wsBatch(a wsArgs) (any, error) {
	responses := []object{}
	for i := 0; ; i++ {
		name := a.text(fmt.Sprintf("requests[%d][function]", i))
		if name == "" {
			return object{"responses": responses}, nil
		}
		answer, err := c.batched(name, a.text(fmt.Sprintf("requests[%d][arguments]", i)))
		if err != nil {
			return object{"responses": append(responses, object{"error": true, "exception": c.batchException(err)})}, nil
		}
		responses = append(responses, object{"error": false, "data": jsonText(answer)})
	}
}

func (c *Campus) batched(name, arguments string) (any, error) {
	var parsed map[string]any
	if arguments != "" {
		if err := json.Unmarshal([]byte(arguments), &parsed); err != nil {
			return nil, errParameter
		}
	}
	if name == batchFunction {
		return nil, errParameter
	}
	a := flatten(parsed)
	a["wsfunction"] = []string{name}
	c.traffic.calls[name]++
	return c.call(name, a)
}

// batchException returns an exception inside a batch, which has other members than one
// outside.
func (c *Campus) batchException(err error) string {
	e := asException(err)
	return jsonText(object{
		"message": e.Message, "errorcode": e.Code, "link": c.url("/"),
		"moreinfourl": "https://docs.moodle.org/405/en/error/moodle/" + e.Code,
	})
}

// jsonText returns JSON as text, to be put into JSON.
func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "null"
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
