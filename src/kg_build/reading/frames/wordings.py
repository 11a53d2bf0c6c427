"""How texts word the acts of regulators: one table of status, form and pattern, and what makes an act unreal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kg_build.facts import Status
from kg_build.reading.patterns import lazy

Form = Literal["deed", "noun", "state"]
"""deed: a verb whose object (or passive subject) is the regimen; noun: what is given, won or told of; state: what the regimen is in."""


@dataclass(frozen=True)
class Wording:
    """One way of wording a status. What is `weak` alone needs its authority named beside it."""

    status: Status
    form: Form
    pattern: re.Pattern[str]
    weak: bool = False


def _wording(status: Status, form: Form, *patterns: str, weak: bool = False, case: bool = False) -> Wording:
    return Wording(status, form, lazy("|".join(patterns), 0 if case else re.IGNORECASE), weak)


FILE = (
    r"(?:applications?|s?NDAs?|s?BLAs?|MAAs?|J-?NDAs?|submissions?|dossiers?|filings?|(?:Type\sII\s)?variations?|supplements?"
    r"|New\sDrug\sSubmission|paperwork)"
)
APPLICATION = rf"(?:[\w()/’'-]{{1,24}}\s){{0,8}}?{FILE}\b(?:\s\([\w/ -]{{2,12}}\))?"
_MARKETING = r"(?:(?:full|regular|traditional|standard|marketing|regulatory|market|extension\sof)\s){0,2}"
_PERMIT = r"(?:approvals?|authori[sz]ations?|licen[cs]es?|licensure|clearance|registration)"
_APPROVE = r"(?:approve|authori[sz]e|license|licence|register|clear|grant|allow)"
_DECIDED = r"(?:decided|agreed|voted|moved|opted|chose|chosen|ruled|elected)"
_NAMED = (
    r"breakthrough(?:[\s-]therap(?:y|ies))?(?:[\s-]drug)?|fast[- ]track|orphan(?:[\s-](?:drug|medicinal\sproduct|medicine))?"
    r"|regenerative\smedicine\sadvanced\stherapy(?:\s\(RMAT\))?|RMAT|PRIME|priority\smedicines?(?:\s\(PRIME\))?|(?:SAKIGAKE|sakigake)"
    r"|rare\spediatric\sdisease|innovation\spassport|innovative\slicensing\sand\saccess\spathway|qualified\sinfectious\sdisease\sproduct"
    r"|real-time\soncology\sreview|pioneer(?:ing)?\sdrug|accelerated\sassessment|promising\sinnovative\smedicine"
    r"|conditional\sand\stime-limited"
)
_ALSO_NAMED = (
    rf"(?:(?:\s\([A-Z]{{2,5}}\))?(?:,?\s(?:and|as\swell\sas|plus|&)\s|,\s|\s?/\s?)(?:the\s|an?\s|both\s)?(?i:{_NAMED}|priority\sreview))"
)
DESIGNATION = (
    rf"(?P<designation>(?i:{_NAMED}))(?={_ALSO_NAMED}{{0,4}}(?:\s\([A-Z]{{2,5}}\))?\s(?i:drug\s|therapy\s)?(?i:designations?"
    rf"|status(?:es)?|tags?|labels?)\b)"
    r"(?:(?:\s\([A-Z]{2,5}\))?\s(?i:designations?|status(?:es)?|tags?|labels?)(?:\s\([A-Z]{2,5}\))?)?"
)
_REAL_USE = (
    r"(?<=\bmay\sbe\s)used\b(?=\sin\scombination|\sfor\s|\sin\s)|(?<=\bmay\snow\sbe\s)used\b(?=\sin\scombination|\sfor\s|\sin\s)"
    r"|(?<=\bto\sbe\s)(?:given|used|taken|administered)\b(?=\s(?:along\s|together\s)?with\s|\sin\scombination)"
    r"|(?<=\bis\s)indicated\b(?=\sin\scombination|\sfor|\sin\s|\sas)"
)
_ADJECTIVAL = (
    r"(?!\s(?:(?!(?:the|its|this|that|both|an?|in|for|by|as|and|or|to|on|with)\b)[\w-]+\s){0,2}?(?:therap(?:y|ies)|drugs?|treatments?"
    r"|indications?|dos(?:es?|ing|ages?)|agents?|label\w*|tests?|products?|options?"
    r"|medicines?|use|regimens?|inhibitors?|alternatives?|competitors?|rivals?|medications?)\b(?!\s\w+\sfor\b))"
    r"(?!\sby\s(?:an?|the)\s(?:institution|ethic|review))(?!\s(?:nothing|none|neither|no)\b)"
)

WORDINGS: tuple[Wording, ...] = (
    _wording(
        "complete-response",
        "noun",
        r"\b(?:complete\sresponse|CR)\sletters?(?:\s\(CRLs?\))?|\bCRLs?\b|\bcomplete\sresponse\sto\sthe\sapplication",
    ),
    _wording(
        "emergency-authorization",
        "noun",
        r"\bemergency[- ]use\s(?:authori[sz]ations?|approvals?|listing)(?:\s\(EUA\))?|\bEUAs?\b|\bemergency\s(?:authori[sz]ations?"
        r"|approvals?)"
        r"|\binterim\s(?:order\s)?authori[sz]ation|\btemporary\suse\sauthori[sz]ation",
        r"(?<=\b)authori[sz]ation\sunder\s(?:the|an)\sinterim\sorder",
    ),
    _wording("emergency-authorization", "deed", r"\b(?:authori[sz]|approv|clear)(?:ed|es)\s(?:\w+\s){0,6}?(?:for|in)\semergency\suse\b"),
    _wording(
        "positive-opinion",
        "noun",
        r"\bpositive\s(?:CHMP\s|EMA\s|scientific\s|trend\s)?(?:opinions?|recommendations?)(?:\s\(CHMP\))?",
        r"\bfavou?rable\sopinions?",
        rf"\brecommendation\s(?:for|of)\s(?:the\s)?(?:an?\s)?{_MARKETING}{_PERMIT}",
    ),
    _wording(
        "positive-opinion",
        "deed",
        r"\brecommend(?:s|ed|ing)\s(?:that\s)?(?:the\s)?(?:granting\s(?:of\s)?|full\s|conditional\s|an?\s|EU\s|European\s|for\s){0,4}"
        rf"{_MARKETING}(?:approval|marketing\sauthori[sz]ation|extension|authori[sz]ation|licen[cs]e|licensure)",
    ),
    _wording("negative-opinion", "noun", r"\b(?:negative|unfavou?rable)\s(?:CHMP\s|EMA\s|scientific\s)?(?:opinions?|recommendations?)"),
    _wording(
        "negative-opinion",
        "deed",
        r"\brecommend(?:s|ed|ing)\s(?:the\s)?(?:refusal|refusing|not\sgranting|not\srenewing|against\s(?:(?:the\s)?renewal|renewing|approval|authori[sz]ation|granting"
        r"|approving|licen)|that\s[^.;]{1,60}\s(?:refused|not\sbe\s(?:granted|approved)))",
    ),
    _wording(
        "rejected",
        "deed",
        rf"\b(?:decision|{_DECIDED})\s(?:\w+\s){{0,2}}?(?:not\sto|against)\s(?:{_APPROVE}|approving|granting|authori[sz]ing)\b",
        rf"\b(?:declin(?:ed|es|ing)|refus(?:ed|es|ing|al)|fail(?:ed|s))\sto\s{_APPROVE}\b(?:\s(?:an?\s|the\s)?{_MARKETING}{_PERMIT})?",
        rf"\bdid\snot\s{_APPROVE}\b(?:\s(?:an?\s|the\s)?{_MARKETING}{_PERMIT})?",
        r"\b(?:was|were)\snot\s(?:approved|authori[sz]ed|licen[cs]ed|registered|cleared)\b|\bnot\sapproved\b(?=\s(?:by|at|in\s(?:19|20)))",
        r"\brefus(?:ed|es|al\sof|al)\b(?:\s(?:an?\s|the\s)?(?:change\sto\sthe\s)?marketing\sauthori[sz]ation(?:\sfor)?)?",
        r"\bdenied\s(?:approval|authori[sz]ation|clearance)|\bdenie[sd]\s(?=[^.;]{1,80}\bapproval\b)",
        r"\brefus(?:e|ed|es|al)[- ]to[- ]file(?:\sletters?)?|\bknock(?:ed|s)\sback\b|\bturn(?:ed|s|ing)\s(?:down|away)\b",
    ),
    _wording(
        "rejected",
        "deed",
        r"\breject(?:ed|s|ing|ion\sof)\b|\b(?:snub(?:bed|s)?|rebuff(?:ed|s)?|spurn(?:ed|s)|shot\sdown|shoots\sdown|nix(?:ed|es)"
        r")\b",
        r"\bsa(?:id|ys)\sno\b(?:\sto\b)?|\bthumbs[- ]down\b|\bred\slight\b|\bturn(?:ed|s)\s(?=[^.;]{1,80}\s(?:down|away)\b)"
        r"|\bsen(?:t|ds)\s(?=[^.;]{1,60}\sback\b)|\brejections?\b",
        weak=True,
    ),
    _wording(
        "withdrawn",
        "deed",
        r"\bwithdr(?:awn|ew|awal|aws|awing|aw)\b|\brevok(?:ed|es|ing|e)\b|\brevocation\b|\brescind(?:ed|s|ing)?\b",
        r"\bpull(?:ed|s|ing)?\b|\btak(?:en|es|ing)\soff\sthe\smarket|\btook\s(?=[^.;]{1,60}\soff\sthe\s(?:\w+\s)?market)"
        r"|\bremov(?:ed|es|ing)\b(?=[^.;]{1,60}\bmarket\b)"
        r"|\b(?:suspend|cancel|terminat|strip)(?:ped|led|ed|s)\b(?=[^.;]{1,60}\b(?:authori[sz]ation|approval|licen[cs]e|registration"
        r"|indication)\b)",
    ),
    Wording("designation", "noun", lazy(DESIGNATION)),
    _wording("accelerated-approval", "noun", r"\baccelerated\s(?:FDA\s|US\s|U\.S\.\s)?approvals?(?:\s(?:pathway|program(?:me)?))?"),
    _wording(
        "accelerated-approval",
        "deed",
        r"\bapprov(?:ed|es)\s(?=[^.;]{1,80}\b(?:on|under|via|through)\s(?:an|the|its)\saccelerated\s(?:approval\s)?(?:basis|pathway|program|procedure))",
    ),
    _wording(
        "conditional-approval",
        "noun",
        r"\bconditional\s(?:EU\s|European\s|FDA\s)?(?:marketing\s)?(?:authori[sz]ations?|approvals?|licen[cs]es?|nod|green\slight|go-ahead"
        r"|registration)(?:\s\(CMA\))?",
        r"\bnotices?\sof\scompliance\swith\sconditions(?:\s\([\w/]+\))?|\bNOC/c\b"
        r"|\b(?:provisional|temporary)\s(?:approvals?|registrations?|authori[sz]ations?)|\bapproval\swith\sconditions"
        r"|\bconditional\sand\stime-limited\sapproval",
    ),
    _wording(
        "conditional-approval",
        "deed",
        r"\b(?:conditionally|provisionally)\s(?:approv|authori[sz]|licen[cs]|register|clear)(?:ed|es|s)\b",
    ),
    _wording(
        "priority-review", "noun", r"\bpriority\sreviews?\b(?!\s(?:voucher|track\svoucher|drug\suser))(?:\s(?:designations?|status))?"
    ),
    _wording(
        "under-review",
        "state",
        r"(?:\b(?:is|are|was|were|remains?|currently|also|now|still)\s){0,3}\b(?:under|in|undergoing)\s"
        r"(?:regulatory\s|active\s|ongoing\s|standard\s|further\s|FDA\s|EMA\s){0,2}(?:review|evaluation|assessment|consideration)\b",
        r"\breviews?\s(?:in\s(?:the\s)?[A-Z][\w.]+\s){0,2}(?:is|are|remains?)\s(?:still\s|also\s|now\s)?(?:ongoing|under\s?way|continuing|in\sprogress)\b",
        r"\b(?:is|are)\s(?:(?:also|currently|now|still)\s)?(?:being\s(?:reviewed|assessed|evaluated|examined|considered)"
        r"|pending(?=\s(?:at|with|before|in)\b))",
        r"\baccepted\sfor\s(?:\w+\s){0,2}(?:review|filing|evaluation)",
        rf"\b{FILE}\s(?:\([\w/ -]{{2,12}}\)\s)?(?:[^.;,]{{1,80}}?\s)?(?:is|are|was|were|has\sbeen|have\sbeen)\s(?:(?:also"
        rf"|now)\s)?(?:accepted|validated|pending)\b",
    ),
    _wording(
        "under-review",
        "deed",
        r"\b(?:is|are)\s(?:(?:currently|also|now|still)\s)?(?:reviewing|assessing|evaluating|examining|weighing"
        r"|considering)\b(?!\s(?:the|this|its)\s(?:letter|data|results|feedback|options|next|findings|appeal))"
        r"|\b(?:began|begun|started|begins|starts)\s(?:reviewing|(?:its\s|the\s|a\s)?(?:review|evaluation|assessment)\sof)\b",
        rf"\b(?:accept(?:s|ed|ance\sof)|validat(?:es|ed|ion\sof))\s(?:for\s(?:\w+\s){{0,2}}?(?:review|filing)\s)?{APPLICATION}",
        rf"\b(?:took|takes|taken)\sup\s{APPLICATION}|\bagreed\sto\sreview\b|\baccept(?:s|ed)\s(?=[^.;]{{1,90}}\sfor\s(?:\w+\s)?review\b)",
    ),
    _wording(
        "under-review",
        "deed",
        r"\b(?:is|are)\s(?:(?:still|currently|also|now)\s)?(?:looking\sat|studying|mulling|pondering|working\sthrough)\b"
        r"|\b(?:is|are)\s(?:\w+\s)?(?:expected|due|scheduled|set)\sto\s(?:(?:make|issue|take|announce|reach)\s(?:its|a"
        r"|the)\s(?:final\s)?decision|decide|rule)\b(?:\son\b)?|\bwill\s(?:now\s)?(?:review"
        r"|consider)\s(?:the|this|its)\s(?:\w+\s)?(?:recommendation|opinion)\b"
        r"|\bhas\suntil\s[^.;]{3,30}\sto\s(?:decide|rule|act|make|issue|reach|complete)\b(?:\s(?:a\sdecision\s)?on\b)?",
    ),
    _wording(
        "under-review",
        "deed",
        r"\b(?:push(?:ed|es)\sback|delay(?:ed|s)|postpon(?:ed|es)|put(?:s)?\soff|extend(?:ed|s)|defer(?:red|s)|mov(?:ed|es))\s(?:its|the|an?)\s"
        r"(?:[\w()-]+\s){0,6}?(?:decision|review|verdict|ruling|(?:action|goal)\sdate)(?:\s(?:period|timeline|deadline|date))?"
        r"(?=\s(?:on|of|for)\b)",
    ),
    _wording(
        "under-review",
        "noun",
        r"\b(?:PDUFA|target\saction|action)\s(?:goal\s|target\s|action\s)?dates?\b|\bgoal\sdate\b",
        r"\b(?:answer|verdict|ruling)s?\s(?:is|are)\s(?:\w+\s)?(?:due|expected|awaited)\b"
        r"|\bdecisions?\s(?:is\s)?(?:expected|due|anticipated|awaited|pending)\b"
        r"|\bdecisions?(?=\s[^.;]{0,60}\b(?:is|are)\s(?:\w+\s)?(?:expected|due|anticipated|awaited|pending)\b)",
        weak=True,
    ),
    _wording(
        "submitted",
        "deed",
        r"\b(?:re)?(?:filed|submitted)\b(?=\s(?!data|results|information|responses?|additional|new\sdata)[^.;,]{1,70}\s(?:with"
        r"|to)\s(?:the\s)?(?:US\s|U\.S\.\s)?(?:FDA|EMA|NMPA|MHRA|PMDA|TGA"
        r"|regulators|European\sMedicines|Food\sand)\b)"
        r"|\b(?:filing|submission)\b(?=\s(?:followed|came|went\sin)\b)",
        r"\b(?:has|have)\s(?:also\s)?received\s(?:the|an?|its)\s(?:\w+\s)?(?:application|dossier|submission|filing)\b",
        rf"\b(?:re)?(?:submit(?:ted|s)|fil(?:ed|es)|lodg(?:ed|es))\s{APPLICATION}",
        rf"\b(?:re)?submission\sof\s{APPLICATION}|\b(?:re)?(?:submitted|filed|lodged)\b(?=\s(?:to|with|for|in)\b)"
        r"|\b(?:re)?filed\sfor\s(?:\w+\s){0,2}approval",
        rf"\b(?:completed|initiated|began|begun|started)\s(?:the\s|its\s|an?\s)?(?:rolling\s)?submission\sof\s{APPLICATION}",
        r"\b(?:completed|initiated|began|begun|started)\s(?:the\s|its\s|an?\s)?rolling\s(?:submission|review)\b(?:\sof\b)?"
        r"|\brolling\ssubmission\s(?:was|is|has\sbeen)\s(?:now\s)?(?:complete\w*|begun|started|initiated|underway)",
        r"\bappl(?:ied|ies)\s(?:to\s(?=[^.;]{1,70}\b(?:for|to\smarket)\b)|for\s(?:\w+\s){0,3}(?:approval|authori[sz]ation|licen[cs]e"
        r"|registration))",
        r"\b(?:asked|asks)\s(?=[^.;]{1,60}\s(?:to\s(?:approve|clear|authori[sz]e|expand)|for\s(?:\w+\s)?approval)\b)"
        r"|\bsought\s(?:\w+\s){0,2}(?:approval|authori[sz]ation|clearance)\b",
        rf"\b{FILE}\s(?:\([\w/ -]{{2,12}}\)\s)?(?:[^.;,]{{1,90}}?\s)?(?:has|have|was|were)\s(?:been\s)?(?:re)?(?:submitted|filed|lodged"
        rf"|received)\b"
        r"|\b(?:applications?|dossiers?)\s(?:re)?(?:received|submitted|filed|lodged)\b",
    ),
    _wording(
        "label-expansion",
        "deed",
        r"\b(?:expand|broaden|widen|extend)(?:ed|s|ing)?\s(?:the\s|its\s)?(?:[\w’'.-]+\s){0,4}?(?:approvals?|indications?"
        r"|label(?:l?ing)?|uses?|authori[sz]ation|licen[cs]e)\b",
        r"\b(?:label|labell?ing|indications?|licen[cs]e|approval|use)\s(?:[^.;,]{1,50}?\s)?(?:(?:was|is|has\sbeen"
        r"|gets?)\s)?(?:expanded|widened|broadened|extended)\b",
    ),
    _wording(
        "label-expansion",
        "noun",
        r"\blabel\s(?:expansion|extension)|\b(?:expanded|broader|wider|extended)\s(?:\w+\s)?(?:approvals?|indications?|labels?)\b"
        r"|\bextensions?\sof\s(?:the\s)?(?:therapeutic\s)?(?:indications?|marketing\sauthori[sz]ation)|\bindication\sextensions?",
    ),
    _wording(
        "advisory-vote",
        "deed",
        r"\bsplit\s\d{1,2}\s?(?:[-–]|to)\s?\d{1,2}\b|\bby\s\d{1,2}\s(?:votes\s)?to\s\d{1,2}\b|\b\d{1,2}\syes,?\s(?:and\s)?\d{1,2}\sno\b",
        r"\bvoted\b(?:\s(?:\d{1,2}\s?(?:[-–]|to)\s?\d{1,2}|unanimously|narrowly|overwhelmingly))?(?:\s(?:in\sfavou?r\sof|against|that"
        r"|for))?",
        r"\b(?:by|in)\san?\s(?:vote\sof\s)?\d{1,2}\s?(?:[-–]|to)\s?\d{1,2}(?:\svote)?|(?<=\band\s)\d{1,2}\s?(?:[-–]"
        r"|to)\s?\d{1,2}\s(?:in\sfavou?r\sof|against|for)\b",
    ),
    _wording(
        "advisory-vote",
        "noun",
        r"(?<!in\sa\s)(?<!by\sa\s)\b\d{1,2}\s?(?:[-–]|to)[\s-]?\d{1,2}\s(?:advisory\s|panel\s|committee\s)?vote\b"
        r"(?=[^.;]{0,60}\b(?:advis\w+|panel\w*|committee|experts)\b|\s(?:against|for|in\sfavou?r)\b)",
    ),
    _wording(
        "label-restriction",
        "deed",
        r"\brecommend(?:s|ed|ing)\sthat\s[^.;]{1,90}\bshould\s(?:only\sbe\s|be\s)(?:used|given|reserved|limited"
        r"|restricted)\b(?=[^.;]{0,90}\b(?:only|if|unless|where)\b)",
        r"\bshould\sonly\sbe\s(?:used|given|prescribed)\b",
        r"\b(?:restrict(?:ed|s|ing)|narrow(?:ed|s|ing)|limit(?:ed|s|ing)|curb(?:ed|s)|tighten(?:ed|s))\s(?:the\s"
        r"|its\s)?(?:[\w’'.-]+\s){0,4}?"
        r"(?:indications?|uses?|label(?:l?ing)?|approval|authori[sz]ation|licen[cs]e|prescribing)\b"
        r"|\brestriction\sof\s(?:the\s)?(?:indications?|use)"
        r"|\brestrict(?:ed|s|ing)\s(?=[^.;]{1,60}\sto\s(?:[\w-]+\s){0,3}?(?:patients|adults|people|use|those)\b)",
    ),
    _wording("label-restriction", "noun", r"\b(?:use|label|labell?ing)\srestrictions?|\blabel\snarrowing", weak=True),
    _wording(
        "label-update",
        "deed",
        r"\b(?:add(?:ed|s|ing)|recommend(?:ed|s|ing))\s(?:an?\s|the\s|new\s|similar\s){0,3}(?:[\w-]+\s){0,2}?warnings?\b"
        r"(?=[^.;]{0,60}\b(?:label|labell?ing|prescribing|product\sinformation|for|on)\b)",
        r"\b(?:updat|revis|amend|chang|modif)(?:ed|es|e\sto|ing|ied|ies)\s(?:to\s)?(?:the\s"
        r"|its\s)?(?:[\w’'.-]+\s){0,4}?(?:label(?:l?ing)?|prescribing\sinformation"
        r"|package\sinsert|product\sinformation|summary\sof\sproduct\scharacteristics|SmPC)",
        r"\b(?:added|adds|adding|require[sd]?|requiring|order(?:ed|s)|mandat(?:ed|es))\s(?:an?\s|the\s|new\s"
        r"|its\s){0,2}(?:[\w’'-]+\s){0,2}?(?:boxed\s|black[- ]box\s)(?:warnings?)"
        r"|\b(?:boxed|black[- ]box)\swarnings?\s(?:\w+\s){0,2}(?:added|updated)",
    ),
    _wording(
        "safety-communication",
        "noun",
        r"\b(?:drug\s)?safety\s(?:communications?|alerts?|warnings?|announcements?)|\bdear\s(?:healthcare|doctor"
        r"|health\scare)\s(?:\w+\s)?(?:letters?|communication)s?"
        r"|\b(?:issued|issues)\s(?:an?\s)?(?:warning|alert)\s(?:about|on|over)",
    ),
    _wording(
        "safety-communication",
        "deed",
        r"\b(?:warn(?:ed|s)|alert(?:ed|s|ing)|caution(?:ed|s))\s(?=[^.;]{1,140}\b(?:risks?|patients|deaths?|injur|safety|doctors"
        r"|physicians|prescribers|cancers?)\b)"
        r"|\b(?:is|are)\s(?:warning|alerting)\b",
        weak=True,
    ),
    _wording(
        "not-recommended",
        "deed",
        r"\b(?:do(?:es)?|did)\snot\s(?:\w+\s)?(?:recommend|support|reimburse|advise)\b|\bnot\s(?:been\s)?(?:recommended"
        r"|accepted\sfor\suse)\b"
        r"|\b(?:cannot|could\snot|unable\sto)\srecommend\b|\brecommend(?:s|ed|ing)\s(?:against|not\sto"
        r"|that\b[^.;]{1,80}\bnot\s(?:be\s)?(?:reimbursed|funded|listed|used))",
        r"\b(?:decided|decides|ruled)\sagainst\b|\bno\s(?:proof\sof\s|evidence\sof\s|hint\sof\s)?(?:an?\s)?(?:added|additional)\sbenefit"
        r"|\bnot\s(?:been\s)?(?:proven|proved)\b(?=[^.;]{0,40}added\sbenefit)",
    ),
    _wording(
        "recommended",
        "deed",
        r"\brecommend(?:ed|s|ing)\b(?!\s(?:that\s)?(?:the\s)?(?:restrict|limit|suspen|revo|withdraw|refus|updat|chang|new\swarning|warning|a\swarning|measure|adding"
        r"|contraindic)\w*)(?!\s(?:starting\s|maximum\s)?(?:dos(?:es?|ing|ages?)\b|start|phase|monitor|by\sthe\smanufacturer))",
        r"\baccept(?:ed|s)\s(?:[^.;]{1,60}?\s)?for\s(?:restricted\s|routine\s)?use\b|\b(?:considerable|minor|major|non-quantifiable"
        r"|substantial)\s(?:added|additional)\sbenefit"
        r"|\b(?:made\savailable|available)\s(?:on|through|via)\sthe\s(?:NHS|Cancer\sDrugs\sFund|PBS)",
    ),
    _wording("recommended", "deed", r"\baccept(?:s|ed)\b(?!\s(?:the|an?|its|for|into|applications?)\b)", weak=True),
    _wording("recommended", "noun", r"\brecommendation\b(?=\s(?:of|for)\b)", weak=True),
    _wording(
        "recommended",
        "deed",
        r"\b(?:back(?:ed|s)|endors(?:ed|es|ement\sof)|favou?r(?:ed|s)|support(?:ed|s))\b(?=\s(?!by\b|with\b|the\s(?:approval|decision"
        r"|data)))",
        weak=True,
    ),
    _wording(
        "approved",
        "deed",
        rf"\b(?<!un)(?:approv(?:ed|es))\b{_ADJECTIVAL}",
        rf"\b(?:authori[sz]e[ds]|licen[cs]e[ds](?!\s(?:from|to|out|rights|exclusive)\b))\b{_ADJECTIVAL}|\bgreen-?\s?(?:lit|lights"
        rf"|lighted)\b|\bgreenlights?\b",
        rf"\b{_DECIDED}\sto\s{_APPROVE}\b(?:\s(?:the\s)?{_MARKETING}{_PERMIT}\s(?:of|for))?",
        rf"\bapprove\sthe\s{_MARKETING}{_PERMIT}\sof\b",
        _REAL_USE,
    ),
    _wording(
        "approved",
        "deed",
        r"\bclear(?:ed|s)\b(?!\s(?:the\s(?:way|path|hurdle|bar|air)|up\b|an?\shurdle|by\s(?:the\s)?(?:kidney|liver|renal)))|\bwav(?:ed"
        r"|es)\sthrough\b"
        r"|\bwav(?:ed|es)\s(?=[^.;]{1,70}\sthrough\b)|\bsign(?:ed|s)\soff\s?(?:on\b)?|\bsa(?:id|ys)\syes\b(?:\sto\b)?|\bokay(?:ed|s)\b"
        r"|\bOK(?:[’']?d|[’']s|s)\b"
        r"|\brubber-?stamp(?:ed|s)\b|\bbless(?:ed|es)\b|\bregister(?:ed|s)\b(?=\s(?:by|in|for|[a-z]{5,}))"
        r"|\blet(?:s)?\s(?=[^.;]{1,50}\s(?:onto|on\sto)\sthe\smarket)"
        r"|\bopen(?:ed|s)\sthe\sdoor\sto\b|\ballow(?:ed|s)\b(?=\s(?!for\b|the\s(?:company|trial|study)|patients|doctors"
        r"|people)[^.;]{1,60}\s(?:as|for)\b)"
        r"|\bfollowed\b(?=\s(?:on|in|a\s\w+\slater|\w+\s(?:days|weeks|months)\slater)\b)|\b(?:did|done)\sso\b|\bfollow(?:ed"
        r"|s)\ssuit\b(?!\sand\b)|\bdid\sthe\ssame\b",
        weak=True,
    ),
    _wording(
        "approved",
        "deed",
        r"\b(?:gain(?:ed|s)|w[io]ns?|secur(?:ed|es)|earn(?:ed|s)|pick(?:ed|s)\sup|receiv(?:ed|es)|scor(?:ed|es)|land(?:ed|s))\s(?:an?\s|its\s|another\s)"
        r"(?:[\w-]+\s){0,3}?(?:indication|licen[cs]e)\b",
        weak=True,
    ),
    _wording(
        "approved",
        "noun",
        r"\b(?:notices?\sof\scompliance(?:\s\(NOC\))?|marketing\sauthori[sz]ations?(?:\s\(MA\))?|NOC)\b",
        r"\b(?<!-)(?:approvals?|licensure|nod|green\slight|go[- ]ahead|thumbs[- ]up|all-clear|blessing|sign-off)\b",
        r"\b(?:authori[sz]ations?|licen[cs]es?|clearances?|registrations?)\b(?!\s(?:for\sthe\s[A-Z]|from|agreements?|deals?"
        r"|to\s(?:develop|sell)|holders?|number|study|trial|statement|fees?|id\b"
        r"|ID\b))",
    ),
)

CONTEXT = 70
NOT_YET = lazy(
    r"(?:\b(?:not\s(?:yet\s)?(?:been\s)?|never\s|no\s|without\s|if\s|when\s|could\s(?:be\s)?|may\s(?:be\s)?|might\s(?:be\s)?"
    r"|would\s(?:be\s)?|will\s(?:be\s)?|should\s(?:be\s)?|(?<!decided\s)(?<!agreed\s)(?<!chose\s)to\s(?:be\s|seek\s|support\s|gain\s"
    r"|obtain\s|receive\s"
    r"|secure\s|get\s|win\s)?|seek\w*\s|potential\s|possible\s|being\s"
    r"|expect\w*\s|await\w*\s|predict\w*\s|urg\w+\s(?:for\s)?|application\sfor\s|once\s|unless\s|until\s|pending\s"
    r"|before\s|whether\s|awaiting\s|anticipat\w+\s|support(?:ing|s)?\s"
    r"|toward\s|hop\w+\s(?:for|to)\s|plans?\sto\s|intends?\sto\s|path\sto\s|can\s(?:be\s)?|be\s|has\sn[o’']t\s(?:yet\s)?(?:been\s)?)"
    r"(?:the\s|an?\s|its\s|be\s|for\s|regulatory\s|full\s|first\s|FDA\s|potential\s|fully\s|also\s|been\s|subsequently\s|currently\s"
    r"|now\s){0,3})$",
    re.IGNORECASE,
)
"""What stands right before a deed that has not happened."""
FIRST_TO = lazy(
    r"\b(?:first|only|second|third|latest|fourth)\s(?:[\w-]+\s){0,6}to\s(?:be|gain|win|receive|get|obtain|secure)\s$", re.IGNORECASE
)
NONE_IS = lazy(
    r"\b(?:no|few|neither|none)\s(?:[\w-]+\s){0,6}(?:is|are|was|were|been|has|have)\s(?:\w+\s){0,2}$|\bnot\s(?:\w+\s){1,4}$", re.IGNORECASE
)
UNREAL_NOUN = lazy(
    r"\b(?:not(?!\s(?:affect|touch|concern|impact|change))|never|no|without|if|unable|could|may|might|would|will|should|can|cannot|must"
    r"|seek(?:s|ing)?|potential|possible"
    r"|expect(?:s|ed|ing)?"
    r"|await(?:s|ed|ing)?|predict\w*|urg(?:es|ed|ing)|once|unless|until|pending|before|whether|anticipat\w+|towards?|hop(?:es|ed|ing|e)"
    r"|plan(?:s|ned|ning)?|intend\w*|path|ahead\sof|prior\sto|request(?:s|ed|ing)?|apply|applying|application\sfor|applications\sfor"
    r"|bid\sfor|quest|eye(?:s|ing)"
    r"|chances?|odds|likelihood|fail(?:s|ed)?|lack(?:s|ed|ing)?|want(?:s|ed)?|pursu\w+|lobby\w*|consider\w*|weigh\w*|lost|loses|race"
    r"|closer|nears?"
    r"|support(?:ing|s)?(?=\s(?:regulatory\s|FDA\s|its\s|full\s|potential\s)?$)|subject\sto|conditional\son|in\slieu\sof"
    r"|for(?=\s(?:regulatory\s|marketing\s|full\s)?$)"
    r"|to\s(?:seek|support|gain|obtain|receive|secure|get|win|speed|file|apply|pursue|enable|achieve))\b[^,;:.()]{0,45}$",
    re.IGNORECASE,
)
"""What stands before an approval that is hoped for or spoken of in general."""
UNREAL_AFTER = lazy(
    r"\s(?:could|may|might|would|should|will|can|process|pathways?|decisions?|rates?|track\srecord|odds|chances|dates?|timelines?"
    r"|standards?|requirements?"
    r"|applications?|hurdles?|prospects?|package|strategy|filing|fees?|is\s(?:expected|likely|possible|not|pending|sought|needed|required)"
    r"|(?:was|has|have|is)\snot|not\b|depends|holders?|committee|bodies|authority)\b",
    re.IGNORECASE,
)
GIVEN = lazy(
    r"\b(?:grant(?:s|ed|ing)|giv(?:es|en|ing)|gave|hand(?:s|ed|ing)|award(?:s|ed|ing)|issu(?:es|ed|ing)|receiv(?:es|ed|ing)|w[io]ns?"
    r"|winning|gain(?:s|ed|ing)"
    r"|secur(?:es|ed|ing)|obtain(?:s|ed|ing)|get(?:s|ting)?|got|gotten|land(?:s|ed|ing)|scor(?:es|ed|ing)|clinch(?:es|ed|ing)|bag(?:s"
    r"|ged)|nab(?:s|bed)"
    r"|snag(?:s|ged)|earn(?:s|ed|ing)|pick(?:s|ed|ing)\sup|net(?:s|ted)|draw(?:s|n)|drew|bear(?:s|ing)?|hold(?:s|ing)?|held|keep(?:s"
    r"|ing)?|kept|retain(?:s|ed|ing)"
    r"|carr(?:ies|ied|ying)|has|have|had|convert(?:s|ed|ing)|under|via|slap(?:s|ped)|serv(?:es|ed)|sen(?:ds|t|ding)|hit|deliver(?:s|ed)"
    r"|assign(?:s|ed)|adopt(?:s|ed)"
    r"|render(?:s|ed)|reach(?:es|ed)|conferred|accorded|return(?:s|ed)|affect(?:s|ed)?|touch(?:es|ed)?|impact(?:s|ed)?|celebrat\w+"
    r"|announc\w+)\b[^.;:]{0,70}$",
    re.IGNORECASE,
)
"""Verbs of giving and getting before what is given."""
GIVEN_AFTER = lazy(
    r"\s(?:(?:was|were|has\sbeen|have\sbeen|is)\s(?:also\s|now\s|since\s|then\s|first\s)?(?:granted|given|issued|awarded|obtained"
    r"|received|secured|won|announced|converted|extended)"
    r"|from\s(?:the\s)?\w|came|comes|followed|follows|arrived|dates|dated|rests?|rested|granted|issued|makes|marks|was\s(?:based"
    r"|supported|backed)|dated|says|said|cites|cited|lists)\b",
    re.IGNORECASE,
)
