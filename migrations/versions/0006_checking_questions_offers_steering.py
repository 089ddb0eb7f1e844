"""checking before publication, questions, offers, steering, import mappings."""

from alembic import op
import sqlalchemy as sa

from innovation.kernel import db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_mapping',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('columns', db.JsonB, nullable=False),
    sa.Column('made_by', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("kind IN ('people', 'challenges', 'ideas', 'comments', 'votes')", name=op.f('ck_import_mapping_kind')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_import_mapping_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mapping')),
    sa.UniqueConstraint('public_id', name=op.f('uq_import_mapping_public_id'))
    )
    with op.batch_alter_table('import_mapping', schema=None) as batch_op:
        batch_op.create_index('ix_import_mapping_made_by', ['made_by', 'id'], unique=False)

    op.create_table('saved_reason',
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('programme_id', db.BigInt, nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('made_by', db.BigInt, nullable=True),
    sa.Column('made_at', db.UtcDateTime(), nullable=False),
    sa.Column('trashed_at', db.UtcDateTime(), nullable=True),
    sa.Column('trashed_by', db.BigInt, nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("act IN ('return_idea', 'decline_idea', 'return_challenge', 'answer', 'remind')", name=op.f('ck_saved_reason_act')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_saved_reason_made_by')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_saved_reason_programme_id')),
    sa.ForeignKeyConstraint(['trashed_by'], ['person.id'], name=op.f('fk_saved_reason_trashed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_reason')),
    sa.UniqueConstraint('public_id', name=op.f('uq_saved_reason_public_id'))
    )
    with op.batch_alter_table('saved_reason', schema=None) as batch_op:
        batch_op.create_index('ix_saved_reason_act', ['act', 'programme_id', 'id'], unique=False)

    op.create_table('inquiry',
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('asked_by', db.BigInt, nullable=True),
    sa.Column('asked_at', db.UtcDateTime(), nullable=False),
    sa.Column('shown_text', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', db.BigInt, nullable=True),
    sa.Column('answered_at', db.UtcDateTime(), nullable=True),
    sa.Column('published_at', db.UtcDateTime(), nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint('published_at IS NULL OR answered_at IS NOT NULL', name=op.f('ck_inquiry_answered_first')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_inquiry_answered_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_inquiry_asked_by')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_inquiry_challenge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inquiry')),
    sa.UniqueConstraint('public_id', name=op.f('uq_inquiry_public_id'))
    )
    with op.batch_alter_table('inquiry', schema=None) as batch_op:
        batch_op.create_index('ix_inquiry_asked_by', ['asked_by', 'id'], unique=False)
        batch_op.create_index('ix_inquiry_challenge_id', ['challenge_id', 'id'], unique=False)

    op.create_table('sending',
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason_id', db.BigInt, nullable=True),
    sa.Column('params', db.JsonB, nullable=False),
    sa.Column('decided_by', db.BigInt, nullable=False),
    sa.Column('decided_at', db.UtcDateTime(), nullable=False),
    sa.Column('goes_at', db.UtcDateTime(), nullable=False),
    sa.Column('ended_at', db.UtcDateTime(), nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("act IN ('return_idea', 'decline_idea', 'return_challenge', 'answer', 'remind')", name=op.f('ck_sending_act')),
    sa.CheckConstraint("state IN ('waiting', 'stopped', 'gone')", name=op.f('ck_sending_state')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_sending_decided_by')),
    sa.ForeignKeyConstraint(['reason_id'], ['saved_reason.id'], name=op.f('fk_sending_reason_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sending')),
    sa.UniqueConstraint('public_id', name=op.f('uq_sending_public_id'))
    )
    with op.batch_alter_table('sending', schema=None) as batch_op:
        batch_op.create_index('ix_sending_decided_by', ['decided_by', 'id'], unique=False)
        batch_op.create_index('ix_sending_state', ['state', 'goes_at', 'id'], unique=False)

    op.create_table('idea_question',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('asked_by', db.BigInt, nullable=True),
    sa.Column('asked_at', db.UtcDateTime(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', db.BigInt, nullable=True),
    sa.Column('answered_at', db.UtcDateTime(), nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_idea_question_answered_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_idea_question_asked_by')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_idea_question_idea_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idea_question')),
    sa.UniqueConstraint('public_id', name=op.f('uq_idea_question_public_id'))
    )
    with op.batch_alter_table('idea_question', schema=None) as batch_op:
        batch_op.create_index('ix_idea_question_idea_id', ['idea_id', 'id'], unique=False)

    op.create_table('offer',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('asked_by', db.BigInt, nullable=True),
    sa.Column('asked_at', db.UtcDateTime(), nullable=False),
    sa.Column('answered_by', db.BigInt, nullable=True),
    sa.Column('answered_at', db.UtcDateTime(), nullable=True),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("state IN ('asked', 'brought', 'refused')", name=op.f('ck_offer_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_offer_answered_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_offer_asked_by')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_offer_challenge_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_offer_idea_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
    sa.UniqueConstraint('idea_id', 'challenge_id', name=op.f('uq_offer_idea_id_challenge_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_offer_public_id'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_challenge_id'), ['challenge_id'], unique=False)

    op.create_table('offer_consent',
    sa.Column('idea_id', db.BigInt, nullable=False),
    sa.Column('person_id', db.BigInt, nullable=False),
    sa.Column('agreed_at', db.UtcDateTime(), nullable=True),
    sa.Column('taken_back_at', db.UtcDateTime(), nullable=True),
    sa.Column('id', db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_offer_consent_idea_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_offer_consent_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_consent')),
    sa.UniqueConstraint('idea_id', 'person_id', name=op.f('uq_offer_consent_idea_id_person_id'))
    )
    with op.batch_alter_table('offer_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_consent_person_id'), ['person_id'], unique=False)

    op.create_table('sending_line',
    sa.Column('sending_id', db.BigInt, nullable=False),
    sa.Column('challenge_id', db.BigInt, nullable=False),
    sa.Column('idea_id', db.BigInt, nullable=True),
    sa.Column('inquiry_id', db.BigInt, nullable=True),
    sa.Column('gate_id', db.BigInt, nullable=True),
    sa.Column('person_id', db.BigInt, nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('problem', sa.String(length=60), nullable=False),
    sa.Column('id', db.BigInt, nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name=op.f('ck_sending_line_state')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_sending_line_challenge_id')),
    sa.ForeignKeyConstraint(['gate_id'], ['gate.id'], name=op.f('fk_sending_line_gate_id')),
    sa.ForeignKeyConstraint(['idea_id'], ['idea.id'], name=op.f('fk_sending_line_idea_id')),
    sa.ForeignKeyConstraint(['inquiry_id'], ['inquiry.id'], name=op.f('fk_sending_line_inquiry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sending_line_person_id')),
    sa.ForeignKeyConstraint(['sending_id'], ['sending.id'], name=op.f('fk_sending_line_sending_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sending_line'))
    )
    with op.batch_alter_table('sending_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sending_line_challenge_id'), ['challenge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sending_line_gate_id'), ['gate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sending_line_idea_id'), ['idea_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sending_line_inquiry_id'), ['inquiry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sending_line_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_sending_line_sending_id', ['sending_id', 'id'], unique=False)

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checked_first', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.alter_column('checked_first', existing_type=sa.Boolean(), server_default=None)

    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_amendment_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_amendment_kind'), "kind IN ('deadline', 'answer', 'prize', 'terms', 'eligibility', 'words', 'stopped')")

    with op.batch_alter_table('gate_decision', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_gate_decision_verdict'), type_='check')
        batch_op.create_check_constraint(op.f('ck_gate_decision_verdict'), "verdict IN ('pass', 'again', 'hold', 'stop', 'reopen', 'later')")

    with op.batch_alter_table('deputy', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_deputy_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_deputy_role'), "role IN ('sponsor', 'approver', 'checker')")

    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_role_grant_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_role_grant_role'), "role IN ('administrator', 'manager', 'sponsor', 'panel', 'checker')")

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_idea_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_idea_state'), "state IN ('draft', 'checking', 'submitted', 'returned', 'shortlisted', 'promoted', 'parked', 'declined', 'withdrawn', 'merged')")
        batch_op.add_column(sa.Column('unchecked', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('checked_at', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('checked_by', db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('check_note', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('resubmit_until', db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('offered_from_id', db.BigInt, nullable=True))
        batch_op.create_index(batch_op.f('ix_idea_offered_from_id'), ['offered_from_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_idea_checked_by'), 'person', ['checked_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_idea_offered_from_id'), 'idea', ['offered_from_id'], ['id'])

    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.alter_column('check_note', existing_type=sa.Text(), server_default=None)
        batch_op.alter_column('unchecked', existing_type=sa.Boolean(), server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('idea', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_idea_offered_from_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_idea_checked_by'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_idea_offered_from_id'))
        batch_op.drop_column('offered_from_id')
        batch_op.drop_column('resubmit_until')
        batch_op.drop_column('check_note')
        batch_op.drop_column('checked_by')
        batch_op.drop_column('checked_at')
        batch_op.drop_column('unchecked')
        batch_op.drop_constraint(op.f('ck_idea_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_idea_state'), "state IN ('draft', 'submitted', 'returned', 'shortlisted', 'promoted', 'parked', 'declined', 'withdrawn', 'merged')")

    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_role_grant_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_role_grant_role'), "role IN ('administrator', 'manager', 'sponsor', 'panel')")

    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_amendment_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_amendment_kind'), "kind IN ('deadline', 'prize', 'terms', 'eligibility', 'words', 'stopped')")

    with op.batch_alter_table('gate_decision', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_gate_decision_verdict'), type_='check')
        batch_op.create_check_constraint(op.f('ck_gate_decision_verdict'), "verdict IN ('pass', 'again', 'hold', 'stop', 'reopen')")

    with op.batch_alter_table('deputy', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_deputy_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_deputy_role'), "role IN ('sponsor', 'approver')")

    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_column('checked_first')

    with op.batch_alter_table('sending_line', schema=None) as batch_op:
        batch_op.drop_index('ix_sending_line_sending_id')
        batch_op.drop_index(batch_op.f('ix_sending_line_person_id'))
        batch_op.drop_index(batch_op.f('ix_sending_line_inquiry_id'))
        batch_op.drop_index(batch_op.f('ix_sending_line_idea_id'))
        batch_op.drop_index(batch_op.f('ix_sending_line_gate_id'))
        batch_op.drop_index(batch_op.f('ix_sending_line_challenge_id'))

    op.drop_table('sending_line')
    with op.batch_alter_table('offer_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_consent_person_id'))

    op.drop_table('offer_consent')
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_challenge_id'))

    op.drop_table('offer')
    with op.batch_alter_table('idea_question', schema=None) as batch_op:
        batch_op.drop_index('ix_idea_question_idea_id')

    op.drop_table('idea_question')
    with op.batch_alter_table('sending', schema=None) as batch_op:
        batch_op.drop_index('ix_sending_state')
        batch_op.drop_index('ix_sending_decided_by')

    op.drop_table('sending')
    with op.batch_alter_table('inquiry', schema=None) as batch_op:
        batch_op.drop_index('ix_inquiry_challenge_id')
        batch_op.drop_index('ix_inquiry_asked_by')

    op.drop_table('inquiry')
    with op.batch_alter_table('saved_reason', schema=None) as batch_op:
        batch_op.drop_index('ix_saved_reason_act')

    op.drop_table('saved_reason')
    with op.batch_alter_table('import_mapping', schema=None) as batch_op:
        batch_op.drop_index('ix_import_mapping_made_by')

    op.drop_table('import_mapping')
