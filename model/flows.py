"""The economy's accounts and flows: the declarations from which every account's update, the audit and the metrics come."""

from __future__ import annotations

from model.ledger import Account, Flow, Ledger

ACCOUNTS = [
    Account("vesting_nquiv", "allocations", "vesting", False, "Vesting", "vesting", "Locked allocations, by allocation."),
    Account("vesting_released_nquiv", "", "vesting", True, "Vesting", "liquid", "Unlocked and not yet credited: the dust of dividing by weight."),
    Account("treasury_nquiv", "", "treasury", False, "Treasury", "treasury", "The DAO's treasury."),
    Account("seized_nquiv", "", "treasury", False, "Seized", "protocol", "What a regulator took from the treasury: nobody can spend it."),
    Account("liquidity_nquiv", "", "supply", True, "Token market", "liquidity", "The liquidity allocation, held for the market."),
    Account("staking_rewards_nquiv", "", "staking", True, "Staking rewards", "protocol", "Staking rewards minted or paid in and not yet paid out: owed, so they circulate."),
    Account("work_rewards_nquiv", "", "emission", True, "Work rewards", "protocol", "Work rewards minted and not yet paid out: owed, so they circulate."),
    Account("operations_nquiv", "", "settlement", False, "Operations", "protocol", "The network's operations: what its fee leaves after burn and validators."),
    Account("insurance_nquiv", "", "settlement", False, "Insurance", "protocol", "Insurance fund."),
    Account("pool_nquiv", "", "market", True, "Token market", "liquidity", "QUIV in the liquidity pool."),
    Account("lp_nquiv", "", "liquidity_providers", True, "Token market", "liquidity", "Tokens that liquidity providers have withdrawn from the pool and not returned."),
    Account("speculator_wallet_nquiv", "speculators", "market", True, "Speculators", "liquid", "Speculators' tokens."),
    Account("maker_nquiv", "", "market", True, "Token market", "liquidity", "The market maker's tokens."),
    Account("market_nquiv", "", "market", True, "Token market", "liquid", "Daily clearing of purchases and sales: the dust of dividing them."),
    Account("settlement_nquiv", "", "settlement", True, "Settlement", "liquid", "Daily clearing of receipts: the dust, paid to providers the next day."),
    Account("rebates_nquiv", "", "rebates", False, "Rebates", "protocol", "Daily clearing of rebates: the dust of dividing them."),
    Account("proposal_deposits_nquiv", "", "governance", True, "Proposal deposits", "protocol", "Deposits of open proposals."),
    Account("provider_wallet_nquiv", "providers", "settlement", True, "Providers", "liquid", "Providers' liquid tokens."),
    Account("provider_stake_nquiv", "providers", "staking", True, "Providers", "staked", "Providers' own stake."),
    Account("provider_unbonding_nquiv", "providers", "staking", True, "Providers", "unbonding", "Providers' tokens on their way out of stake."),
    Account("consumer_escrow_nquiv", "consumers", "escrow", True, "Consumers", "protocol", "Payment of jobs that wait or can be challenged."),
    Account("consumer_channel_nquiv", "consumers", "channels", True, "Consumers", "protocol", "Deposits in payment channels."),
    Account("validator_stake_nquiv", "validators", "staking", True, "Validators", "staked", "Validators' stake."),
    Account("validator_unbonding_nquiv", "validators", "staking", True, "Validators", "unbonding", "Validators' tokens on their way out of stake."),
    Account("challenge_bonds_nquiv", "", "challenges", True, "Challenge bonds", "protocol", "Bonds of open challenges and appeals."),
    Account("bribes_nquiv", "", "challenges", True, "Bribes", "liquid", "Daily clearing of bribes: the dust of dividing them."),
    Account("slashed_nquiv", "", "slashing", True, "Slashes", "liquid", "Daily clearing of slashes: always empty at the end of the day."),
    Account("validator_wallet_nquiv", "validators", "settlement", True, "Validators", "liquid", "Validators' liquid tokens."),
    Account("consumer_wallet_nquiv", "consumers", "market", True, "Consumers", "liquid", "Consumers' liquid tokens."),
    Account("holder_wallet_nquiv", "holders", "market", True, "Holders", "liquid", "Holders' liquid tokens."),
    Account("holder_delegated_nquiv", "holders", "staking", True, "Holders", "staked", "Holders' delegated stake."),
    Account("holder_unbonding_nquiv", "holders", "staking", True, "Holders", "unbonding", "Holders' tokens on their way out of delegation."),
]  # fmt: skip

_VEST = "WHITEPAPER, allocation table"
_EMIT = "SPEC, Emission Rate Control"
_ESCROW = "SPEC, Core Contracts (InferenceMarketplace: payment escrow)"
_CHANNEL = "SPEC, Payment Channel Implementation"
_RECEIPT = "SPEC, Receipt System Enhancement"
_REBATE = "WHITEPAPER (discounts, cashback, referral, developers)"
_STAKE = "SPEC, Core Contracts (QUIVStaking)"
_UNBOND = "SPEC, Staking Security (gradual stake unlock periods)"
_CASE = "SPEC, Challenge Mechanism"
_SLASH = "SPEC, Core Contracts (QUIVStaking: slashing logic)"
_INSURE = "SPEC, Staking Security (insurance fund)"
_LP = "assumption; Capponi and Jia 2021"
_GOV = "SPEC, Proposal System; WHITEPAPER, governance"

FLOWS = [
    Flow("vesting_release", "vesting_nquiv", "vesting_released_nquiv", "vesting", _VEST, "Unlocks of the day."),
    Flow("vesting_to_holders", "vesting_released_nquiv", "holder_wallet_nquiv", "vesting", _VEST, "Unlocks credited to holders."),
    Flow("vesting_to_treasury", "vesting_released_nquiv", "treasury_nquiv", "vesting", _VEST, "Unlocks of the treasury."),
    Flow("vesting_to_liquidity", "vesting_released_nquiv", "liquidity_nquiv", "vesting", _VEST, "Unlocks of the liquidity allocation."),
    Flow("emission_to_staking", None, "staking_rewards_nquiv", "emission", _EMIT, "Emission paid to stake."),
    Flow("emission_to_work", None, "work_rewards_nquiv", "emission", _EMIT, "Emission paid for work."),
    Flow("provider_sale", "provider_wallet_nquiv", "market_nquiv", "market", "assumption", "Providers sell income to cover USD costs."),
    Flow("validator_sale", "validator_wallet_nquiv", "market_nquiv", "market", "assumption", "Validators sell income to cover USD costs."),
    Flow("holder_sale", "holder_wallet_nquiv", "market_nquiv", "market", "assumption", "Holders sell what consumers want beyond other sales."),
    Flow("consumer_purchase", "market_nquiv", "consumer_wallet_nquiv", "market", "assumption", "Consumers buy what they will spend."),
    Flow("holder_purchase", "market_nquiv", "holder_wallet_nquiv", "market", "assumption", "Holders buy what is sold beyond consumers' purchases."),
    Flow("speculator_sale", "speculator_wallet_nquiv", "market_nquiv", "market", "assumption", "Speculators sell."),
    Flow("speculator_purchase", "market_nquiv", "speculator_wallet_nquiv", "market", "assumption", "Speculators buy."),
    Flow("maker_sale", "maker_nquiv", "market_nquiv", "market", "SPEC, Testing Strategy (market-maker strategies)", "The market maker sells."),
    Flow("maker_purchase", "market_nquiv", "maker_nquiv", "market", "SPEC, Testing Strategy (market-maker strategies)", "The market maker buys."),
    Flow("treasury_sale", "treasury_nquiv", "market_nquiv", "market", "assumption", "The treasury sells to steady the price."),
    Flow("treasury_purchase", "market_nquiv", "treasury_nquiv", "market", "assumption", "The treasury buys to steady the price."),
    Flow("pool_sale", "pool_nquiv", "market_nquiv", "market", "assumption", "The pool sells what a batch buys beyond its sales."),
    Flow("pool_purchase", "market_nquiv", "pool_nquiv", "market", "assumption", "The pool buys what a batch sells beyond its purchases."),
    Flow("liquidity_withdrawn", "pool_nquiv", "lp_nquiv", "liquidity_providers", _LP, "Liquidity providers withdraw, beside USD of the same worth."),
    Flow("liquidity_added", "lp_nquiv", "pool_nquiv", "liquidity_providers", _LP, "They return what they withdrew."),
    Flow("escrow_lock", "consumer_wallet_nquiv", "consumer_escrow_nquiv", "jobs", _ESCROW, "Payment of the jobs posted today."),
    Flow("expiry_refund", "consumer_escrow_nquiv", "consumer_wallet_nquiv", "jobs", _ESCROW, "Payment of jobs that expired."),
    Flow("failure_refund", "consumer_escrow_nquiv", "consumer_wallet_nquiv", "failures", _ESCROW, "Payment for what failed jobs did not deliver."),
    Flow("challenge_refund", "consumer_escrow_nquiv", "consumer_wallet_nquiv", "escrow", _ESCROW, "Payment returned by upheld challenges."),
    Flow("priority_fee", "consumer_wallet_nquiv", "settlement_nquiv", "jobs", "assumption (priority fee)", "Fee for service ahead of others, to those who serve."),
    Flow("payment", "consumer_escrow_nquiv", "settlement_nquiv", "escrow", _RECEIPT, "PaymentAmount: what consumers pay, released by escrow."),
    Flow("channel_payment", "consumer_channel_nquiv", "settlement_nquiv", "channels", _CHANNEL, "ConsumedAmount: what consumers pay by channel."),
    Flow("withdrawal_fee", "consumer_wallet_nquiv", "treasury_nquiv", "jobs", "assumption (withdrawal fee)", "Fee for orders that are withdrawn before they are served."),
    Flow("wash_payment", "consumer_wallet_nquiv", "settlement_nquiv", "settlement", "assumption (attack)", "Payment for jobs that nobody asked for."),
    Flow("wash_return", "provider_wallet_nquiv", "settlement_nquiv", "settlement", "assumption (attack)", "What providers give back to those who pay them for nothing."),
    Flow("wash_recycled", "settlement_nquiv", "consumer_wallet_nquiv", "settlement", "assumption (attack)", "The same, to those who pay."),
    Flow("channel_refund", "consumer_channel_nquiv", "consumer_wallet_nquiv", "channels", _CHANNEL, "Rest of an expired channel."),
    Flow("channel_deposit", "consumer_wallet_nquiv", "consumer_channel_nquiv", "channels", _CHANNEL, "DepositAmount: what consumers put into channels."),
    Flow("channel_fee", "consumer_wallet_nquiv", "treasury_nquiv", "channels", "ROOT (channel opening fee)", "Fee of a deposit."),
    Flow("receipt_provider", "settlement_nquiv", "provider_wallet_nquiv", "settlement", _RECEIPT, "ProviderReward."),
    Flow("receipt_operations", "settlement_nquiv", "operations_nquiv", "settlement", _RECEIPT, "NetworkFee kept for operations."),
    Flow("receipt_insurance", "settlement_nquiv", "insurance_nquiv", "settlement", _RECEIPT, "NetworkFee set aside for insurance."),
    Flow("receipt_treasury", "settlement_nquiv", "treasury_nquiv", "settlement", _RECEIPT, "TreasuryFee."),
    Flow("receipt_burn", "settlement_nquiv", None, "settlement", _RECEIPT, "BurnAmount."),
    Flow("receipt_validators", "settlement_nquiv", "validator_wallet_nquiv", "settlement", _RECEIPT, "Validators' fee."),
    Flow("receipt_stakers", "settlement_nquiv", "staking_rewards_nquiv", "settlement", _RECEIPT, "Stakers' part of the network fee."),
    Flow("receipt_referral", "settlement_nquiv", "consumer_wallet_nquiv", "settlement", _RECEIPT, "Referral fee, back to consumers."),
    Flow("rebates_from_operations", "operations_nquiv", "rebates_nquiv", "rebates", _REBATE, "Operations pay for rebates first."),
    Flow("rebates_from_treasury", "treasury_nquiv", "rebates_nquiv", "rebates", _REBATE, "The treasury pays for the rest."),
    Flow("tier_discount", "rebates_nquiv", "provider_wallet_nquiv", "rebates", "WHITEPAPER, staking tiers", "Fee discount of a provider's tier."),
    Flow("volume_discount", "rebates_nquiv", "consumer_wallet_nquiv", "rebates", _REBATE, "Fee discount of a consumer's volume."),
    Flow("cashback", "rebates_nquiv", "consumer_wallet_nquiv", "rebates", _REBATE, "Cashback."),
    Flow("prepaid_bonus", "rebates_nquiv", "consumer_wallet_nquiv", "rebates", _REBATE, "Bonus on prepaid credits."),
    Flow("referral_reward", "rebates_nquiv", "holder_wallet_nquiv", "rebates", _REBATE, "Reward for providers referred, to ecosystem holders."),
    Flow("developer_reward", "rebates_nquiv", "holder_wallet_nquiv", "rebates", _REBATE, "Developers' share, to ecosystem holders."),
    Flow("work_reward", "work_rewards_nquiv", "provider_wallet_nquiv", "settlement", "WHITEPAPER 2.3", "Emission paid to providers for work."),
    Flow("direct_restake", "staking_rewards_nquiv", "provider_stake_nquiv", "rewards", "WHITEPAPER 7.1", "Rewards of own stake that are staked."),
    Flow("delegator_restake", "staking_rewards_nquiv", "holder_delegated_nquiv", "rewards", "WHITEPAPER 7.1", "Rewards of delegated stake that are staked."),
    Flow("direct_reward", "staking_rewards_nquiv", "provider_wallet_nquiv", "rewards", "WHITEPAPER 7.1", "Rewards of providers' own stake, and their commission."),
    Flow("delegator_reward", "staking_rewards_nquiv", "holder_wallet_nquiv", "rewards", "WHITEPAPER 7.1", "Rewards of delegated stake."),
    Flow("validator_reward", "staking_rewards_nquiv", "validator_wallet_nquiv", "rewards", "WHITEPAPER 7.1", "Validators' part of staking rewards."),
    Flow("provider_stake", "provider_wallet_nquiv", "provider_stake_nquiv", "staking", _STAKE, "Providers stake."),
    Flow("provider_unstake", "provider_stake_nquiv", "provider_unbonding_nquiv", "staking", _UNBOND, "Providers begin to unstake."),
    Flow("provider_release", "provider_unbonding_nquiv", "provider_wallet_nquiv", "staking", _UNBOND, "Providers' unbonding releases."),
    Flow("provider_rebond", "provider_unbonding_nquiv", "provider_stake_nquiv", "staking", _UNBOND, "What falls due while a case is open goes back to stake."),
    Flow("holder_rebond", "holder_unbonding_nquiv", "holder_delegated_nquiv", "staking", _UNBOND, "The same for what is delegated."),
    Flow("validator_stake", "validator_wallet_nquiv", "validator_stake_nquiv", "staking", _STAKE, "Validators stake."),
    Flow("validator_unstake", "validator_stake_nquiv", "validator_unbonding_nquiv", "staking", _UNBOND, "Validators begin to unstake."),
    Flow("validator_release", "validator_unbonding_nquiv", "validator_wallet_nquiv", "staking", _UNBOND, "Validators' unbonding releases."),
    Flow("validator_rebond", "validator_unbonding_nquiv", "validator_stake_nquiv", "staking", _UNBOND, "Nothing: no case is opened against a validator."),
    Flow("holder_delegate", "holder_wallet_nquiv", "holder_delegated_nquiv", "staking", _STAKE, "Holders delegate."),
    Flow("holder_undelegate", "holder_delegated_nquiv", "holder_unbonding_nquiv", "staking", _UNBOND, "Holders begin to undelegate."),
    Flow("holder_release", "holder_unbonding_nquiv", "holder_wallet_nquiv", "staking", _UNBOND, "Holders' unbonding releases."),
    Flow("consumer_bond", "consumer_wallet_nquiv", "challenge_bonds_nquiv", "challenges", _CASE, "StakeAmount: bonds of consumers who challenge or appeal."),
    Flow("watcher_bond", "holder_wallet_nquiv", "challenge_bonds_nquiv", "challenges", _CASE, "StakeAmount: bonds of holders who challenge or appeal."),
    Flow("appeal_bond", "provider_wallet_nquiv", "challenge_bonds_nquiv", "challenges", _CASE, "Bonds of providers who appeal."),
    Flow("bond_to_consumer", "challenge_bonds_nquiv", "consumer_wallet_nquiv", "challenges", _CASE, "Bonds returned to consumers."),
    Flow("bond_to_watcher", "challenge_bonds_nquiv", "holder_wallet_nquiv", "challenges", _CASE, "Bonds returned to holders."),
    Flow("bond_to_provider", "challenge_bonds_nquiv", "provider_wallet_nquiv", "challenges", _CASE, "Bonds returned to providers."),
    Flow("bond_forfeit", "challenge_bonds_nquiv", "insurance_nquiv", "challenges", _CASE, "Bonds of rejected challenges and lost appeals."),
    Flow("challenge_reward_consumer", "operations_nquiv", "consumer_wallet_nquiv", "challenges", _CASE, "RewardAmount of consumers."),
    Flow("challenge_reward_watcher", "operations_nquiv", "holder_wallet_nquiv", "challenges", _CASE, "RewardAmount of holders."),
    Flow("provider_bribe", "provider_wallet_nquiv", "bribes_nquiv", "challenges", "assumption", "Providers buy votes."),
    Flow("validator_bribe", "bribes_nquiv", "validator_wallet_nquiv", "challenges", "assumption", "Validators who sell theirs."),
    Flow("stake_slash", "provider_stake_nquiv", "slashed_nquiv", "slashing", _SLASH, "SlashAmount: providers' own stake."),
    Flow("unbonding_slash", "provider_unbonding_nquiv", "slashed_nquiv", "slashing", _SLASH, "Slashes of providers' unbonding tokens."),
    Flow("delegation_slash", "holder_delegated_nquiv", "slashed_nquiv", "slashing", _SLASH, "Slashes of delegated stake."),
    Flow("delegation_unbonding_slash", "holder_unbonding_nquiv", "slashed_nquiv", "slashing", _SLASH, "Slashes of delegations that unbond."),
    Flow("validator_slash", "validator_stake_nquiv", "slashed_nquiv", "slashing", _SLASH, "Slashes of validators' stake."),
    Flow("validator_unbonding_slash", "validator_unbonding_nquiv", "slashed_nquiv", "slashing", _SLASH, "Slashes of validators' unbonding tokens."),
    Flow("slash_burn", "slashed_nquiv", None, "slashing", "WHITEPAPER, ROOT (slashed stake is burned)", "Slashed stake that is burned."),
    Flow("slash_to_consumer", "slashed_nquiv", "consumer_wallet_nquiv", "slashing", _CASE, "Challengers' part of slashes, consumers."),
    Flow("slash_to_watcher", "slashed_nquiv", "holder_wallet_nquiv", "slashing", _CASE, "Challengers' part of slashes, holders."),
    Flow("slash_to_insurance", "slashed_nquiv", "insurance_nquiv", "slashing", _INSURE, "Slashed stake for the insurance fund."),
    Flow("insurance_claim", "insurance_nquiv", "consumer_wallet_nquiv", "insurance", _INSURE, "Verified losses paid to consumers."),
    Flow("proposal_deposit", "holder_wallet_nquiv", "proposal_deposits_nquiv", "governance", _GOV, "Deposit of a submitted proposal."),
    Flow("provider_deposit", "provider_wallet_nquiv", "proposal_deposits_nquiv", "governance", _GOV, "Deposit of a proposal that a provider submitted."),
    Flow("consumer_deposit", "consumer_wallet_nquiv", "proposal_deposits_nquiv", "governance", _GOV, "Deposit of a proposal that a consumer submitted."),
    Flow("provider_refund", "proposal_deposits_nquiv", "provider_wallet_nquiv", "governance", _GOV, "Deposit returned to a provider."),
    Flow("consumer_refund", "proposal_deposits_nquiv", "consumer_wallet_nquiv", "governance", _GOV, "Deposit returned to a consumer."),
    Flow("treasury_payment", "treasury_nquiv", "holder_wallet_nquiv", "governance", "SPEC, Proposal System (TreasurySpending)", "Payment that an executed treasury proposal asked for."),
    Flow("deposit_refund", "proposal_deposits_nquiv", "holder_wallet_nquiv", "governance", _GOV, "Deposit returned."),
    Flow("deposit_forfeit", "proposal_deposits_nquiv", "treasury_nquiv", "governance", _GOV, "Deposit lost for want of support."),
    Flow("treasury_seizure", "treasury_nquiv", "seized_nquiv", "treasury", "assumption", "A scenario's seizure of the treasury by a regulator."),
    Flow("treasury_grant", "treasury_nquiv", "holder_wallet_nquiv", "treasury", "SPEC, Core Contracts (grant distribution)", "Grants to ecosystem holders."),
    Flow("treasury_to_insurance", "treasury_nquiv", "insurance_nquiv", "treasury", "SPEC, Core Contracts (fund allocation)", "The insurance fund's part of the treasury's budget."),
    Flow("treasury_to_operations", "treasury_nquiv", "operations_nquiv", "treasury", "SPEC, Core Contracts (fund allocation)", "Operations' part of the treasury's budget."),
    Flow("operations_spending", "operations_nquiv", "holder_wallet_nquiv", "treasury", "assumption", "Operations pay ecosystem holders for running the network."),
]  # fmt: skip

LEDGER = Ledger(ACCOUNTS, FLOWS)

PAID = ("payment", "channel_payment", "wash_payment")
"""Flows by which consumers pay for work."""

TAKEN = tuple(
    flow.name for flow in FLOWS if flow.name.startswith("receipt_") and flow.target != "provider_wallet_nquiv"
)
"""Flows of a receipt that do not go to its provider."""
