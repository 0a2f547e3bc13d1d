package campus

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
)

// wsArgs are the arguments of a call in flat form: options[0][name].
type wsArgs url.Values

func (a wsArgs) text(name string) string { return url.Values(a).Get(name) }

// call returns a name for the call with its arguments. It leaves out the token, which
// differs in each run.
func (a wsArgs) call() string {
	form := maps.Clone(url.Values(a))
	delete(form, "wstoken")
	return form.Encode()
}

func (a wsArgs) number(name string) (int64, error) {
	n, err := strconv.ParseInt(a.text(name), 10, 64)
	if err != nil {
		return 0, errParameter
	}
	return n, nil
}

// options reads a list of names and values.
func (a wsArgs) options() map[string]string {
	options := map[string]string{}
	for i := 0; ; i++ {
		name := a.text(fmt.Sprintf("options[%d][name]", i))
		if name == "" {
			return options
		}
		options[name] = a.text(fmt.Sprintf("options[%d][value]", i))
	}
}

// list reads values[0], values[1] and so on.
func (a wsArgs) list(name string) []string {
	var list []string
	for i := 0; ; i++ {
		key := fmt.Sprintf("%s[%d]", name, i)
		if !url.Values(a).Has(key) {
			return list
		}
		list = append(list, a.text(key))
	}
}

// flatten changes the JSON arguments of a call in a batch to those of a form.
func flatten(arguments map[string]any) wsArgs {
	a := wsArgs{}
	for name, value := range arguments {
		a.add(name, value)
	}
	return a
}

func (a wsArgs) add(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			a.add(fmt.Sprintf("%s[%s]", name, key), inner)
		}
	case []any:
		for i, inner := range v {
			a.add(fmt.Sprintf("%s[%d]", name, i), inner)
		}
	case float64:
		a[name] = []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case bool:
		a[name] = []string{map[bool]string{true: "1", false: "0"}[v]}
	default:
		a[name] = []string{fmt.Sprint(v)}
	}
}
