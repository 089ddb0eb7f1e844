"""ballots, views, panels, standings."""

from alembic import op
import sqlalchemy as sa

from innovation.kernel import db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _take_over() -> None:
    """What was cast before gets what every vote has now: a ballot, a view, a group, and sums in the tally."""
    for group, where in (
        ("'u'", "circle = 'public'"),
        ("'o' || CAST(organisation_id AS VARCHAR)", "circle <> 'public' AND organisation_id IS NOT NULL"),
        ("'c:' || circle", "circle <> 'public' AND organisation_id IS NULL"),
    ):
        op.execute(f"UPDATE vote SET group_key = {group} WHERE {where}")
    op.execute(
        "INSERT INTO ballot (challenge_id, person_id, circle, group_key, first_at, changed_at) "
        "SELECT idea.challenge_id, vote.person_id, MAX(vote.circle), MAX(vote.group_key), MIN(vote.cast_at), MAX(vote.cast_at) "
        "FROM vote JOIN idea ON idea.id = vote.idea_id GROUP BY idea.challenge_id, vote.person_id"
    )
    op.execute(
        "INSERT INTO view (person_id, idea_id, how, circle, group_key, seen_at) "
        "SELECT person_id, idea_id, 'voted', circle, group_key, cast_at FROM vote"
    )
    # What is missing is NULL from now on, never the JSON text "null".
    for column in ("rule", "second_rule"):
        op.execute(f"UPDATE round SET {column} = NULL WHERE CAST({column} AS VARCHAR) = 'null'")
    op.execute(
        "UPDATE tally SET "
        "value_sum = (SELECT COALESCE(SUM(weight * value), 0) FROM vote WHERE vote.idea_id = tally.idea_id), "
        "square_sum = (SELECT COALESCE(SUM(weight * value * value), 0) FROM vote WHERE vote.idea_id = tally.idea_id), "
        "seen = (SELECT COUNT(*) FROM vote WHERE vote.idea_id = tally.idea_id)"
    )


def upgrade() -> None:
    op.create_table('ballot',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('circle', sa.String(length=10), nullable=True),
    sa.Column('group_key', sa.String(length=20), nullable=False),
    sa.Column('first_at', db.UtcDateTime(), nullable=False),
    sa.Column('changed_at', db.UtcDateTime(), nullable=False),
    sa.Column('removed_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_ballot_challenge_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_ballot_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot')),
    sa.UniqueConstraint('challenge_id', 'person_id', name=op.f('uq_ballot_challenge_id_person_id'))
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index('ix_ballot_person_id', ['person_id'], unique=False)

    op.create_table('criterion',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('position', db.BigInt, nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('help', sa.String(length=500), nullable=False),
    sa.Column('weight', db.BigInt, nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('weight > 0', name=op.f('ck_criterion_weight')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_criterion_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion')),
    sa.UniqueConstraint('challenge_id', 'position', name=op.f('uq_criterion_challenge_id_position'))
    )
    op.create_table('fit',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('figures', db.JsonB, nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_fit_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fit')),
    sa.UniqueConstraint('challenge_id', name=op.f('uq_fit_challenge_id'))
    )
    op.create_table('list_order',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('rows', db.JsonB, nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_list_order_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_order'))
    )
    with op.batch_alter_table('list_order', schema=None) as batch_op:
        batch_op.create_index('ix_list_order_challenge_id', ['challenge_id', 'id'], unique=False)

    op.create_table('rule_change',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('number', db.BigInt, nullable=False),
    sa.Column('before', db.JsonB, nullable=False),
    sa.Column('after', db.JsonB, nullable=False),
    sa.Column('entered', db.JsonB, nullable=False),
    sa.Column('left', db.JsonB, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('changed_by', db.BigInt, nullable=True),
    sa.Column('changed_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_rule_change_challenge_id')),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_rule_change_changed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_change')),
    sa.UniqueConstraint('challenge_id', 'number', name=op.f('uq_rule_change_challenge_id_number'))
    )
    op.create_table('scoring_finished',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('finished_by', db.BigInt, nullable=True),
    sa.Column('finished_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_scoring_finished_challenge_id')),
    sa.ForeignKeyConstraint(['finished_by'], ['person.id'], name=op.f('fk_scoring_finished_finished_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scoring_finished')),
    sa.UniqueConstraint('challenge_id', name=op.f('uq_scoring_finished_challenge_id'))
    )
    op.create_table('vote_flag',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('people', db.JsonB, nullable=False),
    sa.Column('figures', db.JsonB, nullable=False),
    sa.Column('found_at', db.UtcDateTime(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('settled_by', db.BigInt, nullable=True),
    sa.Column('settled_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("verdict IN ('', 'kept', 'removed')", name=op.f('ck_vote_flag_verdict')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_vote_flag_challenge_id')),
    sa.ForeignKeyConstraint(['settled_by'], ['person.id'], name=op.f('fk_vote_flag_settled_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote_flag')),
    sa.UniqueConstraint('challenge_id', 'fingerprint', name=op.f('uq_vote_flag_challenge_id_fingerprint'))
    )
    op.create_table('comparison',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('first_id', db.BigInt, nullable=False),
    sa.Column('second_id', db.BigInt, nullable=False),
    sa.Column('preferred', db.BigInt, nullable=False),
    sa.Column('circle', sa.String(length=10), nullable=True),
    sa.Column('group_key', sa.String(length=20), nullable=False),
    sa.Column('cast_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_comparison_in_order')),
    sa.CheckConstraint('preferred IN (-1, 0, 1)', name=op.f('ck_comparison_preferred')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_comparison_challenge_id')),
    sa.ForeignKeyConstraint(['first_id'], ['idea.id'], name=op.f('fk_comparison_first_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_comparison_person_id')),
    sa.ForeignKeyConstraint(['second_id'], ['idea.id'], name=op.f('fk_comparison_second_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison')),
    sa.UniqueConstraint('person_id', 'first_id', 'second_id', name=op.f('uq_comparison_person_id_first_id_second_id'))
    )
    with op.batch_alter_table('comparison', schema=None) as batch_op:
        batch_op.create_index('ix_comparison_challenge_id', ['challenge_id', 'id'], unique=False)
        batch_op.create_index('ix_comparison_first_id', ['first_id'], unique=False)
        batch_op.create_index('ix_comparison_second_id', ['second_id'], unique=False)

    op.create_table('idea_note',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_by', db.BigInt, nullable=True),
    sa.Column('written_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_idea_note_idea_id')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_idea_note_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_note'))
    )
    with op.batch_alter_table('idea_note', schema=None) as batch_op:
        batch_op.create_index('ix_idea_note_idea_id', ['idea_id', 'id'], unique=False)

    op.create_table('judgement',
    sa.Column('run_id', db.BigInt, nullable=False),
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('promoted', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('judged_by', db.BigInt, nullable=True),
    sa.Column('judged_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_judgement_idea_id')),
    sa.ForeignKeyConstraint(['judged_by'], ['person.id'], name=op.f('fk_judgement_judged_by')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_judgement_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_judgement')),
    sa.UniqueConstraint('run_id', 'idea_id', name=op.f('uq_judgement_run_id_idea_id'))
    )
    with op.batch_alter_table('judgement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_judgement_idea_id'), ['idea_id'], unique=False)

    op.create_table('measured',
    sa.Column('idea_id', db.BigInt, autoincrement=False, nullable=False),
    sa.Column('raw', db.JsonB, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_measured_idea_id')),
    sa.PrimaryKeyConstraint('idea_id', name=op.f('pk_measured'))
    )
    op.create_table('standing',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('method', sa.String(length=20), nullable=False),
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('place', db.BigInt, nullable=False),
    sa.Column('score_micro', db.BigInt, nullable=False),
    sa.Column('low_micro', db.BigInt, nullable=False),
    sa.Column('high_micro', db.BigInt, nullable=False),
    sa.Column('top_micro', db.BigInt, nullable=False),
    sa.Column('figures', db.JsonB, nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_standing_challenge_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_standing_idea_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing')),
    sa.UniqueConstraint('challenge_id', 'method', 'idea_id', name=op.f('uq_standing_challenge_id_method_idea_id'))
    )
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standing_idea_id'), ['idea_id'], unique=False)
        batch_op.create_index('ix_standing_place', ['challenge_id', 'method', 'place', 'idea_id'], unique=False)

    op.create_table('view',
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('how', sa.String(length=6), nullable=False),
    sa.Column('circle', sa.String(length=10), nullable=True),
    sa.Column('group_key', sa.String(length=20), nullable=False),
    sa.Column('seen_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("how IN ('screen', 'opened', 'voted', 'import')", name=op.f('ck_view_how')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_view_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_view_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_view')),
    sa.UniqueConstraint('person_id', 'idea_id', name=op.f('uq_view_person_id_idea_id'))
    )
    with op.batch_alter_table('view', schema=None) as batch_op:
        batch_op.create_index('ix_view_idea_id', ['idea_id', 'person_id', 'group_key', 'circle'], unique=False)

    op.create_table('comparison_change',
    sa.Column('comparison_id', db.BigInt, nullable=False),
    sa.Column('before', db.BigInt, nullable=False),
    sa.Column('after', db.BigInt, nullable=False),
    sa.Column('changed_at', db.UtcDateTime(), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['comparison_id'], ['comparison.id'], name=op.f('fk_comparison_change_comparison_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison_change'))
    )
    with op.batch_alter_table('comparison_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comparison_change_comparison_id'), ['comparison_id'], unique=False)

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ballot_budget', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('totals_shown', sa.String(length=8), nullable=False, server_default=sa.text("'closed'")))
        batch_op.add_column(sa.Column('names_hidden', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('edits_allowed', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('record_for', sa.String(length=12), nullable=False, server_default=sa.text("'sponsor'")))
        batch_op.add_column(sa.Column('rule_no', db.BigInt, nullable=False, server_default=sa.text('1')))
        batch_op.add_column(sa.Column('shortlist_rule', db.JsonB, nullable=True))
        batch_op.add_column(sa.Column('review_closes_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('pseudonym_key', sa.String(length=64), nullable=True))
        batch_op.alter_column('who_decides',
               existing_type=sa.VARCHAR(length=8),
               type_=sa.String(length=12),
               existing_nullable=False)

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('close', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('words_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('words_as', sa.String(length=10), nullable=False, server_default=sa.text("''")))
        batch_op.create_foreign_key(batch_op.f('fk_decision_words_by'), 'person', ['words_by'], ['id'])

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sentence', sa.Text(), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('written_at', db.UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f('ix_review_reviewer_id'), ['reviewer_id'], unique=False)
        batch_op.create_index('uq_review_member', ['idea_id', 'reviewer_id'], unique=True, sqlite_where=sa.text('source IS NULL'), postgresql_where=sa.text('source IS NULL'))

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purpose', sa.String(length=10), nullable=False, server_default=sa.text("'promotion'")))

    with op.batch_alter_table('round_challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purpose', sa.String(length=10), nullable=False, server_default=sa.text("'promotion'")))
        batch_op.drop_constraint(batch_op.f('uq_round_challenge_challenge_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_round_challenge_challenge_id_purpose'), ['challenge_id', 'purpose'])

    with op.batch_alter_table('run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ballots', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('shares', db.JsonB, nullable=True))

    with op.batch_alter_table('tally', schema=None) as batch_op:
        batch_op.add_column(sa.Column('value_sum', db.BigInt, nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('square_sum', db.BigInt, nullable=False, server_default=sa.text('0')))
        batch_op.add_column(sa.Column('seen', db.BigInt, nullable=False, server_default=sa.text('0')))

    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_key', sa.String(length=20), nullable=False, server_default=sa.text("''")))
        batch_op.drop_index(batch_op.f('ix_vote_idea_id'))
        batch_op.create_index('ix_vote_idea_id', ['idea_id', 'person_id', 'value'], unique=False)

    with op.batch_alter_table('vote_change', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cause', sa.String(length=8), nullable=False, server_default=sa.text("'person'")))

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_challenge_who_decides'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_who_decides'), "who_decides IN ('votes', 'sponsor', 'panel', 'votes_panel')")
        batch_op.drop_constraint(op.f('ck_challenge_ballot'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_ballot'), "ballot IN ('approval', 'yes_no', 'stars', 'points', 'quadratic', 'pairs', 'ordinal')")
        batch_op.drop_constraint(op.f('ck_challenge_sealed_has_no_crowd'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_sealed_has_no_crowd'), "visibility = 'open' OR who_decides IN ('sponsor', 'panel')")
        batch_op.create_check_constraint(op.f('ck_challenge_totals_shown'), "totals_shown IN ('closed', 'voted')")
        batch_op.create_check_constraint(op.f('ck_challenge_record_for'), "record_for IN ('sponsor', 'participants', 'public')")

    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_vote_value'), type_='check')
        batch_op.create_check_constraint(op.f('ck_vote_value'), "value >= -1 AND value <= 1000000")

    with op.batch_alter_table('vote_change', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_vote_change_cause'), "cause IN ('person', 'merged', 'removed')")

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_round_purpose'), "purpose IN ('promotion', 'shortlist')")

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.alter_column('totals_shown', server_default=None)
        batch_op.alter_column('names_hidden', server_default=None)
        batch_op.alter_column('edits_allowed', server_default=None)
        batch_op.alter_column('record_for', server_default=None)
        batch_op.alter_column('rule_no', server_default=None)

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.alter_column('close', server_default=None)
        batch_op.alter_column('words_as', server_default=None)

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.alter_column('sentence', server_default=None)

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.alter_column('purpose', server_default=None)

    with op.batch_alter_table('round_challenge', schema=None) as batch_op:
        batch_op.alter_column('purpose', server_default=None)

    with op.batch_alter_table('tally', schema=None) as batch_op:
        batch_op.alter_column('value_sum', server_default=None)
        batch_op.alter_column('square_sum', server_default=None)
        batch_op.alter_column('seen', server_default=None)

    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.alter_column('group_key', server_default=None)

    with op.batch_alter_table('vote_change', schema=None) as batch_op:
        batch_op.alter_column('cause', server_default=None)

    _take_over()

def downgrade() -> None:
    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_challenge_who_decides'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_who_decides'), "who_decides IN ('votes', 'sponsor')")
        batch_op.drop_constraint(op.f('ck_challenge_ballot'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_ballot'), "ballot IN ('approval', 'yes_no')")
        batch_op.drop_constraint(op.f('ck_challenge_sealed_has_no_crowd'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_sealed_has_no_crowd'), "visibility = 'open' OR who_decides = 'sponsor'")
        batch_op.drop_constraint(op.f('ck_challenge_totals_shown'), type_='check')
        batch_op.drop_constraint(op.f('ck_challenge_record_for'), type_='check')

    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_vote_value'), type_='check')
        batch_op.create_check_constraint(op.f('ck_vote_value'), "value IN (-1, 0, 1)")

    with op.batch_alter_table('vote_change', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_vote_change_cause'), type_='check')

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_round_purpose'), type_='check')

    with op.batch_alter_table('vote_change', schema=None) as batch_op:
        batch_op.drop_column('cause')

    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_index('ix_vote_idea_id')
        batch_op.create_index(batch_op.f('ix_vote_idea_id'), ['idea_id'], unique=False)
        batch_op.drop_column('group_key')

    with op.batch_alter_table('tally', schema=None) as batch_op:
        batch_op.drop_column('seen')
        batch_op.drop_column('square_sum')
        batch_op.drop_column('value_sum')

    with op.batch_alter_table('run', schema=None) as batch_op:
        batch_op.drop_column('shares')
        batch_op.drop_column('ballots')

    with op.batch_alter_table('round_challenge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_round_challenge_challenge_id_purpose'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_round_challenge_challenge_id'), ['challenge_id'])
        batch_op.drop_column('purpose')

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_column('purpose')

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('uq_review_member', sqlite_where=sa.text('source IS NULL'), postgresql_where=sa.text('source IS NULL'))
        batch_op.drop_index(batch_op.f('ix_review_reviewer_id'))
        batch_op.drop_column('written_at')
        batch_op.drop_column('sentence')

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_decision_words_by'), type_='foreignkey')
        batch_op.drop_column('words_as')
        batch_op.drop_column('words_by')
        batch_op.drop_column('close')

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.alter_column('who_decides',
               existing_type=sa.String(length=12),
               type_=sa.VARCHAR(length=8),
               existing_nullable=False)
        batch_op.drop_column('pseudonym_key')
        batch_op.drop_column('review_closes_at')
        batch_op.drop_column('shortlist_rule')
        batch_op.drop_column('rule_no')
        batch_op.drop_column('record_for')
        batch_op.drop_column('edits_allowed')
        batch_op.drop_column('names_hidden')
        batch_op.drop_column('totals_shown')
        batch_op.drop_column('ballot_budget')

    with op.batch_alter_table('comparison_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comparison_change_comparison_id'))

    op.drop_table('comparison_change')
    with op.batch_alter_table('view', schema=None) as batch_op:
        batch_op.drop_index('ix_view_idea_id')

    op.drop_table('view')
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.drop_index('ix_standing_place')
        batch_op.drop_index(batch_op.f('ix_standing_idea_id'))

    op.drop_table('standing')
    op.drop_table('measured')
    with op.batch_alter_table('judgement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_judgement_idea_id'))

    op.drop_table('judgement')
    with op.batch_alter_table('idea_note', schema=None) as batch_op:
        batch_op.drop_index('ix_idea_note_idea_id')

    op.drop_table('idea_note')
    with op.batch_alter_table('comparison', schema=None) as batch_op:
        batch_op.drop_index('ix_comparison_second_id')
        batch_op.drop_index('ix_comparison_first_id')
        batch_op.drop_index('ix_comparison_challenge_id')

    op.drop_table('comparison')
    op.drop_table('vote_flag')
    op.drop_table('scoring_finished')
    op.drop_table('rule_change')
    with op.batch_alter_table('list_order', schema=None) as batch_op:
        batch_op.drop_index('ix_list_order_challenge_id')

    op.drop_table('list_order')
    op.drop_table('fit')
    op.drop_table('criterion')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_index('ix_ballot_person_id')

    op.drop_table('ballot')
