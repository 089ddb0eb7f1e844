"""processes, evidence, money, forecasts, awards, reports."""

from alembic import op
import sqlalchemy as sa

from innovation.kernel import db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_CHECKS = {
    "frame": ("goal", "measure", "team"),
    "build": ("stands", "safe"),
    "test": ("measured", "written"),
    "decide": ("answer", "value", "next"),
}


def _take_over() -> None:
    """What was there before gets what every row has now."""
    for column in ("circle", "organisation_id"):
        op.execute(
            f"UPDATE idea SET {column} = (SELECT m.{column} FROM author a "
            "JOIN circle_membership m ON m.person_id = a.person_id AND m.valid_to IS NULL "
            "WHERE a.idea_id = idea.id ORDER BY a.position, a.id LIMIT 1) WHERE submitted_at IS NOT NULL"
        )
    op.execute(
        "UPDATE passage SET from_stage = COALESCE((SELECT MIN(b.stage) FROM passage b "
        "WHERE b.subject_kind = passage.subject_kind AND b.subject_id = passage.subject_id "
        "AND b.left_event_id = passage.entered_event_id), '')"
    )
    for kind, idea in (
        ("idea", "passage.subject_id"),
        ("project", "(SELECT p.idea_id FROM project p WHERE p.id = passage.subject_id)"),
        ("gate", "(SELECT p.idea_id FROM project p JOIN gate g ON g.project_id = p.id WHERE g.id = passage.subject_id)"),
    ):
        op.execute(
            f"UPDATE passage SET circle = COALESCE((SELECT i.circle FROM idea i WHERE i.id = {idea}), ''), "
            f"organisation_id = (SELECT i.organisation_id FROM idea i WHERE i.id = {idea}) WHERE subject_kind = '{kind}'"
        )
    op.execute(
        "UPDATE member SET accepted_at = (SELECT p.started_at FROM project p WHERE p.id = member.project_id)"
    )
    op.execute("UPDATE milestone SET planned_on = due_on")
    op.execute(
        "INSERT INTO gate_decision (gate_id, number, verdict, reason, decided_by, decided_as, decided_at) "
        "SELECT id, 1, CASE state WHEN 'passed' THEN 'pass' ELSE 'stop' END, reason, decided_by, 'keeper', decided_at "
        "FROM gate WHERE state IN ('passed', 'stopped')"
    )
    for gate, checks in _CHECKS.items():
        for position, check in enumerate(checks, start=1):
            op.execute(
                "INSERT INTO gate_check (gate_id, position, key, text, done_at) "
                f"SELECT id, {position}, '{gate}_{check}', '', CASE state WHEN 'passed' THEN decided_at END "
                f"FROM gate WHERE key = '{gate}'"
            )


def upgrade() -> None:
    op.create_table('reminder',
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', db.BigInt, nullable=False),
    sa.Column('step', sa.String(length=40), nullable=False),
    sa.Column('given_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('subject_kind', 'subject_id', 'step', name=op.f('uq_reminder_subject_kind_subject_id_step'))
    )
    op.create_table('process',
    sa.Column('programme_id', db.BigInt, nullable=False),
    sa.Column('version', db.BigInt, nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('days', db.BigInt, nullable=False),
    sa.Column('gates', db.JsonB, nullable=False),
    sa.Column('made_by', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_process_made_by')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_process_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process')),
    sa.UniqueConstraint('programme_id', 'version', name=op.f('uq_process_programme_id_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_process_public_id'))
    )
    op.create_table('report',
    sa.Column('programme_id', db.BigInt, nullable=False),
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('version', db.BigInt, nullable=False),
    sa.Column('figures', db.JsonB, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('last_fact_id', db.BigInt, nullable=False),
    sa.Column('frozen_at', db.UtcDateTime(), nullable=False),
    sa.Column('frozen_by', db.BigInt, nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['frozen_by'], ['person.id'], name=op.f('fk_report_frozen_by')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_report_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('programme_id', 'quarter', 'version', name=op.f('uq_report_programme_id_quarter_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_report_public_id'))
    )
    op.create_table('saved_view',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('page', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('query', sa.String(length=1000), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('saved_at', db.UtcDateTime(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_view_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('person_id', 'page', 'title', name=op.f('uq_saved_view_person_id_page_title')),
    sa.UniqueConstraint('public_id', name=op.f('uq_saved_view_public_id'))
    )
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.create_index('ix_saved_view_page', ['page', 'shared', 'id'], unique=False)

    op.create_table('target',
    sa.Column('programme_id', db.BigInt, nullable=False),
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('measure', sa.String(length=20), nullable=False),
    sa.Column('value', db.BigInt, nullable=False),
    sa.Column('set_by', db.BigInt, nullable=True),
    sa.Column('set_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_target_programme_id')),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_target_set_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('programme_id', 'quarter', 'measure', name=op.f('uq_target_programme_id_quarter_measure'))
    )
    op.create_table('challenge_topic',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_challenge_topic_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_topic')),
    sa.UniqueConstraint('challenge_id', 'topic', name=op.f('uq_challenge_topic_challenge_id_topic'))
    )
    with op.batch_alter_table('challenge_topic', schema=None) as batch_op:
        batch_op.create_index('ix_challenge_topic_topic', ['topic'], unique=False)

    op.create_table('participation',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('stage', sa.String(length=10), nullable=False),
    sa.Column('circle', sa.String(length=10), nullable=False),
    sa.Column('organisation_id', db.BigInt, nullable=True),
    sa.Column('since', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("stage IN ('invited', 'reached', 'took_part')", name=op.f('ck_participation_stage')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_participation_challenge_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_participation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participation')),
    sa.UniqueConstraint('challenge_id', 'person_id', 'stage', name=op.f('uq_participation_challenge_id_person_id_stage'))
    )
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.create_index('ix_participation_stage', ['challenge_id', 'stage', 'since', 'id'], unique=False)

    op.create_table('award',
    sa.Column('programme_id', db.BigInt, nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('amount_minor', db.BigInt, nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('visibility', sa.String(length=10), nullable=False),
    sa.Column('accept_by', sa.Date(), nullable=False),
    sa.Column('papers_by', sa.Date(), nullable=True),
    sa.Column('pay_by', sa.Date(), nullable=True),
    sa.Column('offered_at', db.UtcDateTime(), nullable=False),
    sa.Column('offered_by', db.BigInt, nullable=True),
    sa.Column('accepted_at', db.UtcDateTime(), nullable=True),
    sa.Column('completed_at', db.UtcDateTime(), nullable=True),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('reference', sa.String(length=100), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("state IN ('offered', 'accepted', 'complete', 'paid', 'declined', 'taken_back')", name=op.f('ck_award_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_award_amount_minor')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_award_challenge_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_award_idea_id')),
    sa.ForeignKeyConstraint(['offered_by'], ['person.id'], name=op.f('fk_award_offered_by')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_award_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('public_id', name=op.f('uq_award_public_id'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index('ix_award_challenge_id', ['challenge_id', 'id'], unique=False)
        batch_op.create_index('ix_award_idea_id', ['idea_id'], unique=False)
        batch_op.create_index('ix_award_state', ['state', 'id'], unique=False)

    op.create_table('award_paper',
    sa.Column('award_id', db.BigInt, nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('handed_in_at', db.UtcDateTime(), nullable=True),
    sa.Column('handed_in_by', db.BigInt, nullable=True),
    sa.Column('checked_at', db.UtcDateTime(), nullable=True),
    sa.Column('checked_by', db.BigInt, nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_paper_award_id')),
    sa.ForeignKeyConstraint(['checked_by'], ['person.id'], name=op.f('fk_award_paper_checked_by')),
    sa.ForeignKeyConstraint(['handed_in_by'], ['person.id'], name=op.f('fk_award_paper_handed_in_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_paper')),
    sa.UniqueConstraint('award_id', 'position', name=op.f('uq_award_paper_award_id_position'))
    )
    op.create_table('award_remark',
    sa.Column('award_id', db.BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_by', db.BigInt, nullable=True),
    sa.Column('written_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_remark_award_id')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_award_remark_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_remark'))
    )
    with op.batch_alter_table('award_remark', schema=None) as batch_op:
        batch_op.create_index('ix_award_remark_award_id', ['award_id', 'id'], unique=False)

    op.create_table('award_share',
    sa.Column('award_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('amount_minor', db.BigInt, nullable=False),
    sa.Column('agreed_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('amount_minor >= 0', name=op.f('ck_award_share_amount_minor')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_share_award_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_award_share_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_share')),
    sa.UniqueConstraint('award_id', 'person_id', name=op.f('uq_award_share_award_id_person_id'))
    )
    with op.batch_alter_table('award_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_share_person_id'), ['person_id'], unique=False)

    op.create_table('budget_line',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('closed_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_budget_line_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line')),
    sa.UniqueConstraint('project_id', 'position', name=op.f('uq_budget_line_project_id_position'))
    )
    op.create_table('forecast',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('basis', sa.String(length=10), nullable=False),
    sa.Column('samples', db.BigInt, nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=False),
    sa.Column('likely_on', sa.Date(), nullable=False),
    sa.Column('safe_on', sa.Date(), nullable=False),
    sa.Column('chance_micro', db.BigInt, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('finished_on', sa.Date(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("basis IN ('own', 'published')", name=op.f('ck_forecast_basis')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_forecast_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecast')),
    sa.UniqueConstraint('project_id', 'number', name=op.f('uq_forecast_project_id_number'))
    )
    op.create_table('hypothesis',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('test', sa.Text(), nullable=False),
    sa.Column('holds_when', sa.String(length=300), nullable=False),
    sa.Column('finding', sa.String(length=10), nullable=False),
    sa.Column('written_by', db.BigInt, nullable=True),
    sa.Column('written_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("finding IN ('open', 'holds', 'fails', 'unclear')", name=op.f('ck_hypothesis_finding')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_hypothesis_project_id')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_hypothesis_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hypothesis')),
    sa.UniqueConstraint('project_id', 'position', name=op.f('uq_hypothesis_project_id_position'))
    )
    op.create_table('project_document',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('added_by', db.BigInt, nullable=True),
    sa.Column('added_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_project_document_added_by')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_document_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_document'))
    )
    with op.batch_alter_table('project_document', schema=None) as batch_op:
        batch_op.create_index('ix_project_document_project_id', ['project_id', 'id'], unique=False)

    op.create_table('project_follower',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('since', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_project_follower_person_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_follower_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_follower')),
    sa.UniqueConstraint('project_id', 'person_id', name=op.f('uq_project_follower_project_id_person_id'))
    )
    with op.batch_alter_table('project_follower', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_follower_person_id'), ['person_id'], unique=False)

    op.create_table('project_log',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('written_by', db.BigInt, nullable=True),
    sa.Column('written_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_log_project_id')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_project_log_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_log'))
    )
    with op.batch_alter_table('project_log', schema=None) as batch_op:
        batch_op.create_index('ix_project_log_project_id', ['project_id', 'id'], unique=False)

    op.create_table('risk',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('likelihood', db.BigInt, nullable=False),
    sa.Column('impact', db.BigInt, nullable=False),
    sa.Column('response', sa.Text(), nullable=False),
    sa.Column('owner_id', db.BigInt, nullable=True),
    sa.Column('written_at', db.UtcDateTime(), nullable=False),
    sa.Column('closed_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('impact BETWEEN 1 AND 3', name=op.f('ck_risk_impact')),
    sa.CheckConstraint('likelihood BETWEEN 1 AND 3', name=op.f('ck_risk_likelihood')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_risk_owner_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_risk_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk'))
    )
    with op.batch_alter_table('risk', schema=None) as batch_op:
        batch_op.create_index('ix_risk_project_id', ['project_id', 'id'], unique=False)

    op.create_table('value_claim',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('amount_minor', db.BigInt, nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('per', sa.String(length=5), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('said_by', db.BigInt, nullable=True),
    sa.Column('said_as', sa.String(length=20), nullable=False),
    sa.Column('said_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('expected', 'validated', 'actual')", name=op.f('ck_value_claim_kind')),
    sa.CheckConstraint("per IN ('once', 'year')", name=op.f('ck_value_claim_per')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_value_claim_project_id')),
    sa.ForeignKeyConstraint(['said_by'], ['person.id'], name=op.f('fk_value_claim_said_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_value_claim')),
    sa.UniqueConstraint('project_id', 'kind', 'number', name=op.f('uq_value_claim_project_id_kind_number'))
    )
    op.create_table('evidence',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('hypothesis_id', db.BigInt, nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('finding', sa.String(length=10), nullable=False),
    sa.Column('added_by', db.BigInt, nullable=True),
    sa.Column('added_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("finding IN ('open', 'holds', 'fails', 'unclear')", name=op.f('ck_evidence_finding')),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_evidence_added_by')),
    sa.ForeignKeyConstraint(['hypothesis_id'], ['hypothesis.id'], name=op.f('fk_evidence_hypothesis_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_evidence_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('project_id', 'number', name=op.f('uq_evidence_project_id_number'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_hypothesis_id'), ['hypothesis_id'], unique=False)

    op.create_table('gate_check',
    sa.Column('gate_id', db.BigInt, nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('done_at', db.UtcDateTime(), nullable=True),
    sa.Column('done_by', db.BigInt, nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['done_by'], ['person.id'], name=op.f('fk_gate_check_done_by')),
    sa.ForeignKeyConstraint(['gate_id'], ['gate.id'], name=op.f('fk_gate_check_gate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gate_check')),
    sa.UniqueConstraint('gate_id', 'position', name=op.f('uq_gate_check_gate_id_position'))
    )
    op.create_table('gate_decision',
    sa.Column('gate_id', db.BigInt, nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', db.BigInt, nullable=True),
    sa.Column('decided_as', sa.String(length=10), nullable=False),
    sa.Column('decided_at', db.UtcDateTime(), nullable=False),
    sa.Column('reopens', db.BigInt, nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("decided_as IN ('keeper', 'deputy', 'manager')", name=op.f('ck_gate_decision_decided_as')),
    sa.CheckConstraint("verdict IN ('pass', 'again', 'hold', 'stop', 'reopen')", name=op.f('ck_gate_decision_verdict')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_gate_decision_decided_by')),
    sa.ForeignKeyConstraint(['gate_id'], ['gate.id'], name=op.f('fk_gate_decision_gate_id')),
    sa.ForeignKeyConstraint(['reopens'], ['gate_decision.id'], name=op.f('fk_gate_decision_reopens')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gate_decision')),
    sa.UniqueConstraint('gate_id', 'number', name=op.f('uq_gate_decision_gate_id_number'))
    )
    op.create_table('money_entry',
    sa.Column('line_id', db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('amount_minor', db.BigInt, nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('corrects_id', db.BigInt, nullable=True),
    sa.Column('entered_by', db.BigInt, nullable=True),
    sa.Column('entered_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('plan', 'commit', 'spend')", name=op.f('ck_money_entry_kind')),
    sa.CheckConstraint('amount_minor <> 0', name=op.f('ck_money_entry_amount_minor')),
    sa.ForeignKeyConstraint(['corrects_id'], ['money_entry.id'], name=op.f('fk_money_entry_corrects_id')),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_money_entry_entered_by')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_money_entry_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_money_entry'))
    )
    with op.batch_alter_table('money_entry', schema=None) as batch_op:
        batch_op.create_index('ix_money_entry_line_id', ['line_id', 'id'], unique=False)
        batch_op.create_index('uq_money_entry_corrects_id', ['corrects_id'], unique=True)

    op.create_table('task',
    sa.Column('project_id', db.BigInt, nullable=False),
    sa.Column('milestone_id', db.BigInt, nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('owner_id', db.BigInt, nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('done_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("status IN ('todo', 'doing', 'done')", name=op.f('ck_task_status')),
    sa.ForeignKeyConstraint(['milestone_id'], ['milestone.id'], name=op.f('fk_task_milestone_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_task_owner_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_task_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_milestone_id'), ['milestone_id'], unique=False)
        batch_op.create_index('ix_task_project_id', ['project_id', 'status', 'position', 'id'], unique=False)

    op.create_table('citation',
    sa.Column('decision_id', db.BigInt, nullable=False),
    sa.Column('evidence_id', db.BigInt, nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['gate_decision.id'], name=op.f('fk_citation_decision_id')),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_citation_evidence_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citation')),
    sa.UniqueConstraint('decision_id', 'evidence_id', name=op.f('uq_citation_decision_id_evidence_id'))
    )
    with op.batch_alter_table('citation', schema=None) as batch_op:
        batch_op.create_index('ix_citation_evidence_id', ['evidence_id'], unique=False)

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('organisation_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('results_public', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f('ix_challenge_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_challenge_organisation_id'), 'organisation', ['organisation_id'], ['id'])

    with op.batch_alter_table('gate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('title', sa.String(length=200), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('purpose', sa.Text(), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('keeper', sa.String(length=10), nullable=False, server_default=sa.text("'sponsor'")))
        batch_op.add_column(sa.Column('evidence_needed', db.BigInt, nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('answer_days', db.BigInt, nullable=False, server_default=sa.text('5')))
        batch_op.add_column(sa.Column('deputy_id', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('asked_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('asked_by', db.BigInt, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_gate_deputy_id'), 'person', ['deputy_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_gate_asked_by'), 'person', ['asked_by'], ['id'])

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.add_column(sa.Column('circle', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('organisation_id', db.BigInt, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_idea_organisation_id'), 'organisation', ['organisation_id'], ['id'])

    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invited_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('accepted_at', db.UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_member_invited_by'), 'person', ['invited_by'], ['id'])

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.add_column(sa.Column('starts_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('planned_on', sa.Date(), nullable=True))

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('results_page', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('results_intro', sa.Text(), nullable=False, server_default=sa.text("''")))

    with op.batch_alter_table('passage', schema=None) as batch_op:
        batch_op.add_column(sa.Column('from_stage', sa.String(length=40), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('circle', sa.String(length=10), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('organisation_id', db.BigInt, nullable=True))
        batch_op.create_index('ix_passage_entered_at', ['subject_kind', 'stage', 'entered_at', 'id'], unique=False)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('named_publicly_at', db.UtcDateTime(), nullable=True))

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('process_key', sa.String(length=40), nullable=False, server_default=sa.text("'six_weeks'")))
        batch_op.add_column(sa.Column('process_version', db.BigInt, nullable=False, server_default=sa.text('1')))
        batch_op.add_column(sa.Column('settled_at', db.UtcDateTime(), nullable=True))

    with op.batch_alter_table('gate', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_gate_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_gate_state'), "state IN ('ahead', 'open', 'asked', 'held', 'passed', 'stopped')")
        batch_op.create_check_constraint(op.f('ck_gate_keeper'), "keeper IN ('sponsor', 'manager')")
        batch_op.create_check_constraint(op.f('ck_gate_evidence_needed'), "evidence_needed >= 0")

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_project_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_project_state'), "state IN ('running', 'passed', 'stopped', 'adopted', 'iterated')")

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.alter_column('results_public', server_default=None)

    with op.batch_alter_table('gate', schema=None) as batch_op:
        batch_op.alter_column('title', server_default=None)
        batch_op.alter_column('purpose', server_default=None)
        batch_op.alter_column('keeper', server_default=None)
        batch_op.alter_column('evidence_needed', server_default=None)
        batch_op.alter_column('answer_days', server_default=None)

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.alter_column('results_page', server_default=None)
        batch_op.alter_column('results_intro', server_default=None)

    with op.batch_alter_table('passage', schema=None) as batch_op:
        batch_op.alter_column('from_stage', server_default=None)
        batch_op.alter_column('circle', server_default=None)

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.alter_column('process_key', server_default=None)
        batch_op.alter_column('process_version', server_default=None)

    _take_over()


def downgrade() -> None:
    op.execute("UPDATE gate SET state = 'open' WHERE state IN ('asked', 'held')")
    op.execute("UPDATE project SET state = 'passed' WHERE state IN ('adopted', 'iterated')")
    with op.batch_alter_table('gate', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_gate_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_gate_state'), "state IN ('ahead', 'open', 'passed', 'stopped')")
        batch_op.drop_constraint(op.f('ck_gate_keeper'), type_='check')
        batch_op.drop_constraint(op.f('ck_gate_evidence_needed'), type_='check')

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_project_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_project_state'), "state IN ('running', 'passed', 'stopped')")

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_column('settled_at')
        batch_op.drop_column('process_version')
        batch_op.drop_column('process_key')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('named_publicly_at')

    with op.batch_alter_table('passage', schema=None) as batch_op:
        batch_op.drop_index('ix_passage_entered_at')
        batch_op.drop_column('organisation_id')
        batch_op.drop_column('circle')
        batch_op.drop_column('from_stage')

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('results_intro')
        batch_op.drop_column('results_page')

    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.drop_column('planned_on')
        batch_op.drop_column('starts_on')

    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_member_invited_by'), type_='foreignkey')
        batch_op.drop_column('accepted_at')
        batch_op.drop_column('invited_by')

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_idea_organisation_id'), type_='foreignkey')
        batch_op.drop_column('organisation_id')
        batch_op.drop_column('circle')

    with op.batch_alter_table('gate', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_gate_asked_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_gate_deputy_id'), type_='foreignkey')
        batch_op.drop_column('asked_by')
        batch_op.drop_column('asked_at')
        batch_op.drop_column('deputy_id')
        batch_op.drop_column('answer_days')
        batch_op.drop_column('evidence_needed')
        batch_op.drop_column('keeper')
        batch_op.drop_column('purpose')
        batch_op.drop_column('title')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_challenge_organisation_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_challenge_organisation_id'))
        batch_op.drop_column('results_public')
        batch_op.drop_column('organisation_id')

    with op.batch_alter_table('citation', schema=None) as batch_op:
        batch_op.drop_index('ix_citation_evidence_id')

    op.drop_table('citation')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('ix_task_project_id')
        batch_op.drop_index(batch_op.f('ix_task_milestone_id'))

    op.drop_table('task')
    with op.batch_alter_table('money_entry', schema=None) as batch_op:
        batch_op.drop_index('uq_money_entry_corrects_id')
        batch_op.drop_index('ix_money_entry_line_id')

    op.drop_table('money_entry')
    op.drop_table('gate_decision')
    op.drop_table('gate_check')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_hypothesis_id'))

    op.drop_table('evidence')
    op.drop_table('value_claim')
    with op.batch_alter_table('risk', schema=None) as batch_op:
        batch_op.drop_index('ix_risk_project_id')

    op.drop_table('risk')
    with op.batch_alter_table('project_log', schema=None) as batch_op:
        batch_op.drop_index('ix_project_log_project_id')

    op.drop_table('project_log')
    with op.batch_alter_table('project_follower', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_follower_person_id'))

    op.drop_table('project_follower')
    with op.batch_alter_table('project_document', schema=None) as batch_op:
        batch_op.drop_index('ix_project_document_project_id')

    op.drop_table('project_document')
    op.drop_table('hypothesis')
    op.drop_table('forecast')
    op.drop_table('budget_line')
    with op.batch_alter_table('award_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_share_person_id'))

    op.drop_table('award_share')
    with op.batch_alter_table('award_remark', schema=None) as batch_op:
        batch_op.drop_index('ix_award_remark_award_id')

    op.drop_table('award_remark')
    op.drop_table('award_paper')
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index('ix_award_state')
        batch_op.drop_index('ix_award_idea_id')
        batch_op.drop_index('ix_award_challenge_id')

    op.drop_table('award')
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_index('ix_participation_stage')

    op.drop_table('participation')
    with op.batch_alter_table('challenge_topic', schema=None) as batch_op:
        batch_op.drop_index('ix_challenge_topic_topic')

    op.drop_table('challenge_topic')
    op.drop_table('target')
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.drop_index('ix_saved_view_page')

    op.drop_table('saved_view')
    op.drop_table('report')
    op.drop_table('process')
    op.drop_table('reminder')
