package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// file is one file of the table; rows does not count the header.
type file struct {
	name    string
	content []byte
	rows    int
}

// line is one row of a raw file, by column name.
type line map[string]string

// raw is the export as it lies in the folder.
type raw struct {
	municipalities, abolished, provinces, waterAuthorities, jointOrgs []line

	// exportedOn is the day of the export: what ended before it has ended.
	exportedOn   string
	arrangements []rawArrangement
}

type rawRef struct {
	Name  string `json:"naam"`
	TOOI  string `json:"tooi"`
	RooID string `json:"roo_id"`
}

type rawArrangement struct {
	RooID        string           `json:"roo_id"`
	Name         string           `json:"naam"`
	CitedAs      string           `json:"citeertitel"`
	Purpose      string           `json:"doel"`
	InForceOn    string           `json:"inwerkingtreding"`
	RegisterCode string           `json:"samenwerkingsvorm_code"`
	Delegation   []string         `json:"bevoegdheidsverkrijging"`
	Policy       []string         `json:"beleidsterreinen"`
	LegalBases   []*string        `json:"grondslagen"`
	Decisions    []*string        `json:"instellingsbesluiten"`
	JointOrg     *rawRef          `json:"samenwerkingsorgaan"`
	Holder       *rawRef          `json:"bronhouder"`
	Participants []rawParticipant `json:"deelnemers"`
}

type rawParticipant struct {
	rawRef
	Kind         string   `json:"soort"`
	JoinedOn     string   `json:"toetreding"`
	Organs       []string `json:"bestuursorganen"`
	Contribution *string  `json:"verdeelsleutel"`
}

func readRaw(folder string) (raw, error) {
	var r raw
	for _, f := range []struct {
		name string
		into *[]line
	}{
		{"gemeenten.csv", &r.municipalities},
		{"gemeenten-opgeheven.csv", &r.abolished},
		{"provincies.csv", &r.provinces},
		{"waterschappen.csv", &r.waterAuthorities},
		{"samenwerkingsorganisaties.csv", &r.jointOrgs},
	} {
		lines, err := readLines(filepath.Join(folder, f.name))
		if err != nil {
			return raw{}, err
		}
		*f.into = lines
	}
	const arrangements = "gemeenschappelijke-regelingen.json"
	content, err := os.ReadFile(filepath.Join(folder, arrangements))
	if err != nil {
		return raw{}, err
	}
	var document struct {
		ExportedOn   string           `json:"peildatum"`
		Arrangements []rawArrangement `json:"regelingen"`
	}
	if err := json.Unmarshal(content, &document); err != nil {
		return raw{}, fmt.Errorf("%s: %w", arrangements, err)
	}
	r.exportedOn, r.arrangements = document.ExportedOn, document.Arrangements
	return r, nil
}

func readLines(path string) ([]line, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s: empty", filepath.Base(path))
	}
	var lines []line
	for _, record := range records[1:] {
		l := line{}
		for i, column := range records[0] {
			l[column] = record[i]
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func writeCSV(records [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(records); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
