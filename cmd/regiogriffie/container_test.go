package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// byDigest is a name of an image that no longer changes: with its tag, for who reads it, and its digest.
var byDigest = regexp.MustCompile(`^[a-z0-9./-]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$`)

// services reads what this test needs of a file for docker compose: of each service its keys, with one value or a list.
func services(t *testing.T) map[string]map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string][]string{}
	var top, service, key string
	for line := range strings.SplitSeq(string(text), "\n") {
		content := strings.TrimSpace(line)
		if content == "" || strings.HasPrefix(content, "#") {
			continue
		}
		depth := len(line) - len(strings.TrimLeft(line, " "))
		name, value, _ := strings.Cut(content, ":")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch {
		case depth == 0:
			top = name
		case top != "services":
		case depth == 2:
			service = name
			all[service] = map[string][]string{}
		case depth == 4:
			if key = name; value != "" {
				all[service][key] = []string{value}
			}
		case strings.HasPrefix(content, "- "):
			all[service][key] = append(all[service][key], strings.Trim(content[2:], `"`))
		default:
			all[service][key] = append(all[service][key], content)
		}
	}
	return all
}

func TestContainersRunWithAsLittleAsTheyNeed(t *testing.T) {
	t.Parallel()
	all := services(t)
	// What the start of the image of PostgreSQL does as root.
	added := map[string][]string{"db": {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}}
	if len(all) != 3 {
		t.Errorf("the services: %v", all)
	}
	for name, s := range all {
		if !slices.Equal(s["cap_drop"], []string{"ALL"}) || !slices.Equal(s["cap_add"], added[name]) {
			t.Errorf("%s: drops %v, adds %v", name, s["cap_drop"], s["cap_add"])
		}
		if !slices.Equal(s["security_opt"], []string{"no-new-privileges:true"}) || !slices.Equal(s["read_only"], []string{"true"}) {
			t.Errorf("%s: %v, read-only %v", name, s["security_opt"], s["read_only"])
		}
		for _, key := range []string{"privileged", "network_mode", "pid", "ipc", "devices", "userns_mode"} {
			if s[key] != nil {
				t.Errorf("%s: %s is %v", name, key, s[key])
			}
		}
		for _, port := range s["ports"] {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s: the world reaches %s", name, port)
			}
		}
		for _, volume := range s["volumes"] {
			if strings.ContainsAny(volume[:1], "/.~$") {
				t.Errorf("%s: sees %s of the machine", name, volume)
			}
		}
	}
	if all["db"]["ports"] != nil {
		t.Error("the database can be reached from outside")
	}
}

func TestImagesAreNamedByDigest(t *testing.T) {
	t.Parallel()
	for name, s := range services(t) {
		if s["build"] == nil && (len(s["image"]) != 1 || !byDigest.MatchString(s["image"][0])) {
			t.Errorf("%s: %v", name, s["image"])
		}
	}
	dockerfile, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	stages := regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(dockerfile), -1)
	for _, stage := range stages {
		if !byDigest.MatchString(stage[1]) {
			t.Errorf("the Dockerfile begins with %s", stage[1])
		}
	}
	if last := regexp.MustCompile(`(?m)^USER (\S+)`).FindAllStringSubmatch(string(dockerfile), -1); len(stages) != 2 || len(last) != 1 ||
		last[0][1] != "65532:65532" {
		t.Errorf("%d stages, as user %v", len(stages), last)
	}
}
