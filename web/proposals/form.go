package proposals

// previewed are the fields of which the button "Bekijk een voorbeeld" shows the result.
var previewed = []struct{ name, label string }{
	{"summary", "Samenvatting voorstel"},
	{"explanation", "Toelichting"},
	{"communication", "Communicatie"},
	{"financial", "Financiën"},
	{"legal", "Juridisch"},
	{"risks", "Risico's"},
	{"follow_up", "Vervolgtraject besluitvorming"},
}

// order is that of the fields on the page.
var order = []string{
	"subject", "owner_org_id", "authors", "target_body_id", "dated_on", "treatment", "portfolio_holders", "organiser_ids", "reference", "minutes",
	"summary", "explanation", "explanation_na", "communication", "communication_na", "decision_points", "financial", "financial_na",
	"legal", "legal_na", "risks", "risks_na", "follow_up", "follow_up_na", "follow_up_on", "follow_up_on_na", "attachments_na",
	"closed", "ground", "public_title", "renewal", "renewal_reason",
}
