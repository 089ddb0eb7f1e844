"""May he? One table: an act is allowed when one of its lines holds in full. What has no line is refused."""

from __future__ import annotations

from enum import StrEnum

from innovation.rules.predicates import (
    Case,
    Predicate,
    Role,
    anyone,
    is_a,
    no_judge,
    not_author,
    not_concerned,
    not_on_the_panel,
    not_on_the_team,
    not_the_decider,
    not_the_sponsor,
    not_the_writer,
)


class May(StrEnum):
    """Everything a person can ask for."""

    LOOK = "look"
    USE_ACCOUNT = "use_account"
    RUN_THE_PLACE = "run_the_place"
    INVITE = "invite"
    KEEP_RESULTS_PAGE = "keep_results_page"
    MANAGE_PROGRAMME = "manage_programme"
    START_PROGRAMME = "start_programme"
    START_CHALLENGE = "start_challenge"
    APPROVE_TERMS = "approve_terms"
    EDIT_CHALLENGE = "edit_challenge"
    PROPOSE_CHALLENGE = "propose_challenge"
    PUBLISH_CHALLENGE = "publish_challenge"
    RETURN_CHALLENGE = "return_challenge"
    CHECK_BRIEF = "check_brief"
    NAME_DEPUTY = "name_deputy"
    AMEND_CHALLENGE = "amend_challenge"
    ANSWER_AMENDMENT = "answer_amendment"
    STOP_CHALLENGE = "stop_challenge"
    EXTEND_CHALLENGE = "extend_challenge"
    SHOW_RESULTS = "show_results"
    OPEN_FULL_PART = "open_full_part"
    NAME_SPONSOR = "name_sponsor"
    ASK_SPONSOR = "ask_sponsor"
    ANSWER_INQUIRY = "answer_inquiry"
    START_IDEA = "start_idea"
    EDIT_IDEA = "edit_idea"
    SUBMIT_IDEA = "submit_idea"
    WITHDRAW_IDEA = "withdraw_idea"
    RESTORE_IDEA = "restore_idea"
    CHECK_IDEA = "check_idea"
    ADD_NOTE = "add_note"
    OPEN_SEALED = "open_sealed"
    SEE_NAMES = "see_names"
    VOTE = "vote"
    ASK_AUTHORS = "ask_authors"
    ANSWER_QUESTION = "answer_question"
    OFFER_IDEA = "offer_idea"
    ASK_FOR_IDEA = "ask_for_idea"
    MERGE_IDEAS = "merge_ideas"
    REMOVE_VOTES = "remove_votes"
    REVIEW = "review"
    SEE_REVIEWS = "see_reviews"
    FINISH_SCORING = "finish_scoring"
    PICK = "pick"
    CHANGE_RULE = "change_rule"
    TEST_RULES = "test_rules"
    SEE_RECORD = "see_record"
    ANNOUNCE = "announce"
    WORK_ON_PROJECT = "work_on_project"
    LEAD_PROJECT = "lead_project"
    DECIDE_GATE = "decide_gate"
    SEE_FORECAST = "see_forecast"
    ASK_FORECAST = "ask_forecast"
    REOPEN_GATE = "reopen_gate"
    EXTEND_GATE = "extend_gate"
    SEE_MONEY = "see_money"
    SAY_EXPECTED_VALUE = "say_expected_value"
    SAY_VALIDATED_VALUE = "say_validated_value"
    SAY_ACTUAL_VALUE = "say_actual_value"
    SETTLE_PROJECT = "settle_project"
    WRITE_LESSON = "write_lesson"
    OFFER_AWARD = "offer_award"
    TAKE_AWARD = "take_award"
    TALK_OF_AWARD = "talk_of_award"
    EXPORT_AWARDS = "export_awards"
    SEE_DESK = "see_desk"
    SEE_FUNNEL = "see_funnel"
    SEE_REPORT = "see_report"
    KEEP_VIEW = "keep_view"
    SHARE_VIEW = "share_view"
    IMPORT_IDEAS = "import_ideas"
    IMPORT = "import"
    IMPORT_PEOPLE = "import_people"
    IMPORT_INTO = "import_into"
    THROW_AWAY_MAPPING = "throw_away_mapping"
    EXPORT_HOUSE = "export_house"
    KEEP_ORDER = "keep_order"
    ADD_FILE = "add_file"
    CHANGE_FILE = "change_file"
    TALK = "talk"
    PANEL_TALK = "panel_talk"
    EDIT_COMMENT = "edit_comment"
    DELETE_COMMENT = "delete_comment"
    LOCK_TALK = "lock_talk"
    REPORT_COMMENT = "report_comment"
    MODERATE = "moderate"
    OBJECT_TO_REMOVAL = "object_to_removal"
    SETTLE_OBJECTION = "settle_objection"
    KEEP_REASONS = "keep_reasons"
    DECIDE_SENDING = "decide_sending"
    STOP_SENDING = "stop_sending"
    REMIND = "remind"


signed_in = is_a(Role.SIGNED_IN)
staff = is_a(Role.STAFF)
administrator = is_a(Role.ADMINISTRATOR)
manager = is_a(Role.MANAGER)
sponsor = is_a(Role.SPONSOR)
panel = is_a(Role.PANEL)
checker = is_a(Role.CHECKER)
audience = is_a(Role.AUDIENCE)
author = is_a(Role.AUTHOR)
writer = is_a(Role.WRITER)
moderator = is_a(Role.MODERATOR)
team = is_a(Role.TEAM)
lead = is_a(Role.LEAD)
deputy = is_a(Role.DEPUTY)
winner = is_a(Role.WINNER)
filer = is_a(Role.FILER)
approver = is_a(Role.APPROVER)
publisher = is_a(Role.PUBLISHER)
decider = is_a(Role.DECIDER)

POLICY: dict[May, tuple[tuple[Predicate, ...], ...]] = {
    May.LOOK: ((anyone,),),
    May.USE_ACCOUNT: ((signed_in,),),
    May.RUN_THE_PLACE: ((administrator,),),
    May.INVITE: ((administrator,), (manager,)),
    May.KEEP_RESULTS_PAGE: ((administrator,), (manager,)),
    May.START_PROGRAMME: ((administrator,), (manager,)),
    May.MANAGE_PROGRAMME: ((administrator,), (manager,)),
    May.APPROVE_TERMS: ((manager,), (administrator,)),
    May.START_CHALLENGE: ((staff,), (manager,), (administrator,)),
    May.EDIT_CHALLENGE: ((sponsor,), (manager,)),
    May.PROPOSE_CHALLENGE: ((sponsor,), (manager,)),
    May.PUBLISH_CHALLENGE: ((manager,), (approver, not_the_sponsor), (publisher,)),
    May.CHECK_BRIEF: ((sponsor,), (manager,), (approver,)),
    May.RETURN_CHALLENGE: ((manager,), (approver, not_the_sponsor)),
    May.NAME_DEPUTY: ((sponsor,), (manager,), (checker,)),
    May.AMEND_CHALLENGE: ((sponsor,), (manager,)),
    May.ANSWER_AMENDMENT: ((signed_in,),),
    May.STOP_CHALLENGE: ((manager,),),
    May.EXTEND_CHALLENGE: ((manager,), (sponsor,)),
    May.SHOW_RESULTS: ((sponsor,), (manager,)),
    May.OPEN_FULL_PART: ((audience,), (panel,), (sponsor,), (manager,)),
    May.NAME_SPONSOR: ((sponsor,),),
    May.ASK_SPONSOR: ((audience, not_the_sponsor), (panel, not_the_sponsor)),
    May.ANSWER_INQUIRY: ((sponsor,), (manager,)),
    May.START_IDEA: ((audience, no_judge),),
    May.EDIT_IDEA: ((author,),),
    May.SUBMIT_IDEA: ((author, audience, no_judge),),
    May.WITHDRAW_IDEA: ((author,),),
    May.RESTORE_IDEA: ((author, no_judge),),
    May.VOTE: ((audience, no_judge, not_author),),
    May.CHECK_IDEA: ((checker, not_author),),
    May.ADD_NOTE: ((author,),),
    May.OPEN_SEALED: ((manager,), (administrator,)),
    May.SEE_NAMES: ((author,), (sponsor,), (manager, not_on_the_panel)),
    May.ASK_AUTHORS: ((panel, not_author), (sponsor, not_author)),
    May.ANSWER_QUESTION: ((author,),),
    May.OFFER_IDEA: ((author,),),
    May.ASK_FOR_IDEA: ((sponsor,), (manager,)),
    May.MERGE_IDEAS: ((manager, not_author),),
    May.REMOVE_VOTES: ((manager,),),
    May.REVIEW: ((panel, not_author),),
    May.SEE_REVIEWS: ((panel,), (sponsor,), (manager,)),
    May.FINISH_SCORING: ((sponsor,), (manager,)),
    May.PICK: ((sponsor, not_author),),
    May.CHANGE_RULE: ((manager, not_author, not_on_the_panel),),
    May.TEST_RULES: ((manager,),),
    May.SEE_RECORD: ((sponsor, not_author), (manager, not_author), (administrator, not_author)),
    May.ANNOUNCE: ((sponsor, not_author), (manager, not_author)),
    May.WORK_ON_PROJECT: ((team,), (lead,), (manager,)),
    May.LEAD_PROJECT: ((lead,), (manager,)),
    May.DECIDE_GATE: ((sponsor, not_on_the_team), (manager, not_on_the_team), (deputy, not_on_the_team)),
    May.REOPEN_GATE: ((sponsor, not_on_the_team), (manager, not_on_the_team)),
    May.EXTEND_GATE: ((sponsor, not_on_the_team), (manager, not_on_the_team)),
    May.SEE_FORECAST: ((team,), (sponsor,), (manager,)),
    May.ASK_FORECAST: ((team,), (sponsor,), (manager,)),
    May.SEE_MONEY: ((team,), (lead,), (sponsor,), (manager,), (administrator,)),
    May.SAY_EXPECTED_VALUE: ((team,), (lead,), (sponsor,), (manager,)),
    May.SAY_VALIDATED_VALUE: ((sponsor, not_on_the_team), (manager, not_on_the_team)),
    May.SAY_ACTUAL_VALUE: ((sponsor, not_on_the_team), (manager, not_on_the_team)),
    May.SETTLE_PROJECT: ((sponsor, not_on_the_team), (manager, not_on_the_team)),
    May.WRITE_LESSON: ((team,), (lead,), (sponsor,), (manager,)),
    May.OFFER_AWARD: ((sponsor, not_author), (manager, not_author)),
    May.TAKE_AWARD: ((winner,),),
    May.TALK_OF_AWARD: ((winner,), (sponsor,), (manager,)),
    May.EXPORT_AWARDS: ((manager,),),
    May.SEE_DESK: ((manager,), (administrator,)),
    May.SEE_REPORT: ((manager,),),
    May.SEE_FUNNEL: ((manager,), (administrator,), (sponsor,)),
    May.KEEP_VIEW: ((author,),),
    May.SHARE_VIEW: ((staff,), (manager,), (administrator,)),
    May.IMPORT_IDEAS: ((manager, no_judge),),
    May.IMPORT: ((administrator,), (manager,)),
    May.IMPORT_PEOPLE: ((administrator,),),
    May.IMPORT_INTO: ((manager, no_judge), (administrator, no_judge)),
    May.THROW_AWAY_MAPPING: ((author,), (administrator,)),
    May.EXPORT_HOUSE: ((administrator,),),
    May.KEEP_ORDER: ((author,),),
    May.ADD_FILE: ((filer,),),
    May.CHANGE_FILE: ((filer,),),
    May.TALK: ((audience,), (sponsor,), (panel,), (author,), (team,), (lead,), (manager,)),
    May.PANEL_TALK: ((panel,), (sponsor,)),
    May.EDIT_COMMENT: ((writer,),),
    May.DELETE_COMMENT: ((writer,), (manager,)),
    May.LOCK_TALK: ((manager,),),
    May.REPORT_COMMENT: ((signed_in, not_the_writer),),
    May.MODERATE: ((manager, not_concerned), (administrator, not_concerned), (moderator, not_concerned)),
    May.OBJECT_TO_REMOVAL: ((writer,),),
    May.KEEP_REASONS: ((manager,), (administrator,)),
    May.DECIDE_SENDING: ((signed_in,),),
    May.STOP_SENDING: ((decider,),),
    May.REMIND: ((manager,),),
    May.SETTLE_OBJECTION: (
        (manager, not_concerned, not_the_decider),
        (administrator, not_concerned, not_the_decider),
        (moderator, not_concerned, not_the_decider),
    ),
}


def allowed(act: May, case: Case) -> bool:
    """Whether the table allows an act in a case; False for an act without a line."""
    return any(all(holds(case) for holds in line) for line in POLICY.get(act, ()))
