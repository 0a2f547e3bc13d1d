package campus

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// writeXML answers as Moodle does if JSON was not requested.
func writeXML(w http.ResponseWriter, answer any, failure error) {
	body := bytes.NewBufferString("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n")
	if failure != nil {
		e := asException(failure)
		fmt.Fprintf(body, "<EXCEPTION class=\"%s\">\n<ERRORCODE>%s</ERRORCODE>\n<MESSAGE>%s</MESSAGE>\n</EXCEPTION>\n", e.Exception, e.Code, escape(e.Message))
	} else {
		body.WriteString("<RESPONSE>\n")
		addXML(body, answer)
		body.WriteString("</RESPONSE>\n")
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="response.xml"`)
	_, _ = w.Write(body.Bytes()) // the client may have gone
}

// plain returns an answer made only of types that JSON has.
func plain(answer any) any {
	raw, err := json.Marshal(answer)
	if err != nil {
		return nil
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil
	}
	return v
}

func addXML(body *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		body.WriteString("<SINGLE>\n")
		for _, key := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(body, "<KEY name=\"%s\">", key)
			addXML(body, v[key])
			body.WriteString("</KEY>\n")
		}
		body.WriteString("</SINGLE>\n")
	case []any:
		body.WriteString("<MULTIPLE>\n")
		for _, inner := range v {
			addXML(body, inner)
		}
		body.WriteString("</MULTIPLE>\n")
	case nil:
		body.WriteString("<VALUE null=\"null\"/>\n")
	case bool:
		fmt.Fprintf(body, "<VALUE>%d</VALUE>\n", map[bool]int{true: 1}[v])
	default:
		body.WriteString("<VALUE>")
		_ = xml.EscapeText(body, fmt.Append(nil, v)) // a buffer accepts everything
		body.WriteString("</VALUE>\n")
	}
}
