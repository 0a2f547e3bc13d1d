package openbadges

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
)

// Achievement returns the 3.0 document of a badge as JSON, or an *InputError. The
// same input gives the same bytes.
func Achievement(b Badge) ([]byte, error) {
	var c checker
	b.check(&c)
	c.did("organisation id", b.Organisation.DID)
	c.line("organisation name", required(b.Organisation.Name))
	if c.err != nil {
		return nil, c.err
	}
	document := newAchievement(b, nil)
	document.Context = []string{ContextVC, Context3}
	return json.Marshal(document)
}

// Profile returns the 3.0 document of an organisation as JSON, or an *InputError.
// The same input gives the same bytes.
func Profile(o Organisation) ([]byte, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	document := newProfile(o)
	document.Context = []string{ContextVC, Context3}
	return json.Marshal(document)
}

// newAchievement returns a badge, with the descriptions of the results of an
// award.
func newAchievement(b Badge, results []Result) achievement {
	a := achievement{
		ID: b.Address, Type: []string{"Achievement"}, Kind: "Badge", Name: b.Name, Description: b.Description,
		Criteria: Criteria{Narrative: b.Criteria}, Image: newImage(b.Image),
		Creator:  profile{ID: b.Organisation.DID, Type: []string{"Profile"}, Name: b.Organisation.Name},
		Language: b.Language, Version: b.Version, Credits: hundredths(b.Credits), Tags: b.Tags,
	}
	for _, l := range b.alignments() {
		a.Alignment = append(a.Alignment, alignment{
			Type: []string{"Alignment"}, Name: l.Name, URL: uri(l.URL), Description: l.Description, Framework: l.Framework, Code: l.Code,
		})
	}
	for _, e := range b.Editions {
		a.Related = append(a.Related, related{ID: e.Address, Type: []string{"Related"}, Language: e.Language})
	}
	for _, r := range results {
		a.Results = append(a.Results, resultDescription{
			ID: resultID(b, r), Type: []string{"ResultDescription"}, Name: r.Name, Kind: "Percent", Min: "0", Max: "100",
		})
	}
	return a
}

// resultID returns the permanent id of what a result is about. It depends on the
// name alone: awards of one badge may share different results.
func resultID(b Badge, r Result) string {
	sum := sha256.Sum256([]byte(r.Name))
	return b.Address + "#result-" + hex.EncodeToString(sum[:8])
}

// percent returns a value of a result.
func percent(r Result) string {
	return strconv.FormatFloat(hundredths(r.Percent), 'f', -1, 64)
}

func newImage(i Image) *image3 {
	if i.Address == "" {
		return nil
	}
	return &image3{ID: i.Address, Type: "Image", Caption: i.Caption}
}

func newProfile(o Organisation) profile {
	return profile{
		ID: o.DID, Type: []string{"Profile"}, Name: o.Name, URL: uri(o.URL), Email: o.Email,
		Description: o.Description, Image: newImage(Image{Address: o.Logo}),
	}
}
