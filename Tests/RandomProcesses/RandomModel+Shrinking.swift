extension RandomModel {
    /// Models with a little less in them.
    package var smaller: [RandomModel] {
        var models = main.smaller.map { RandomModel(main: $0, triggeredStarts: triggeredStarts) }
        for index in triggeredStarts.indices {
            var model = self
            model.triggeredStarts.remove(at: index)
            models.append(model)
        }
        return models
    }
}

extension RandomModel.Block {
    fileprivate var smaller: [RandomModel.Block] {
        switch self {
        case .sequence(let blocks):
            return blocks + blocks.shorter(than: 1).map { .sequence($0) }
                + blocks.changed(\.smaller).map { .sequence($0) }
        case .activity(let activity): return activity.blocks + activity.smaller.map { .activity($0) }
        case .exclusive(let id, let branches, let isExhaustive):
            return branches.map(\.block)
                + branches.smaller.map { .exclusive(id: id, $0, isExhaustive: isExhaustive) }
        case .parallel(let id, let blocks, let isJoined):
            return blocks
                + (blocks.shorter(than: 2) + blocks.changed(\.smaller))
                .map { .parallel(id: id, $0, isJoined: isJoined) }
        case .forkingTask(let id, let branches, let isJoined):
            return branches.map(\.block) + branches.smaller.map { .forkingTask(id: id, $0, isJoined: isJoined) }
        case .eventBased(let id, let catches):
            return catches.map(\.block) + catches.map { .catching(id: $0.id, $0.trigger) }
                + (catches.shorter(than: 1) + catches.changed(\.smaller)).map { .eventBased(id: id, $0) }
        case .loop(let id, let work, let block):
            return [block, .activity(work)] + block.smaller.map { .loop(id: id, work: work, $0) }
        case .counted(let id, let block, let times):
            return [block] + block.smaller.map { .counted(id: id, $0, times: times) }
        case .catching, .throwing, .end: return []
        }
    }
}

extension RandomModel.Activity {
    /// What stands inside or at the border.
    fileprivate var blocks: [RandomModel.Block] {
        var blocks = boundaries.map(\.block)
        if case .subProcess(let block, _) = kind { blocks.append(block) }
        return blocks
    }

    fileprivate var smaller: [RandomModel.Activity] {
        var activities: [RandomModel.Activity] = []
        func add(_ change: (inout RandomModel.Activity) -> Void) {
            var activity = self
            change(&activity)
            activities.append(activity)
        }
        if multiInstance != nil { add { $0.multiInstance = nil } }
        if multiInstance?.completionCondition != nil { add { $0.multiInstance?.completionCondition = nil } }
        for inputs in inputs.shorter(than: 0) { add { $0.inputs = inputs } }
        for outputs in outputs.shorter(than: 0) { add { $0.outputs = outputs } }
        for boundaries in boundaries.shorter(than: 0) + boundaries.changed(\.smaller) {
            add { $0.boundaries = boundaries }
        }
        if case .subProcess(let block, let endsImplicitly) = kind {
            for smaller in block.smaller { add { $0.kind = .subProcess(smaller, endsImplicitly: endsImplicitly) } }
        }
        return activities
    }
}

extension RandomModel.Boundary {
    fileprivate var smaller: [RandomModel.Boundary] {
        block.smaller.map { RandomModel.Boundary(id: id, kind: kind, block: $0, merges: merges) }
    }
}

extension RandomModel.Catch {
    fileprivate var smaller: [RandomModel.Catch] {
        block.smaller.map { RandomModel.Catch(id: id, trigger: trigger, block: $0) }
    }
}

extension [RandomModel.Branch] {
    fileprivate var smaller: [[RandomModel.Branch]] {
        shorter(than: 2)
            + changed { branch in branch.block.smaller.map { .init(condition: branch.condition, block: $0) } }
    }
}

extension Array {
    /// The array without each of its elements in turn, if more than `minimum` are left.
    fileprivate func shorter(than minimum: Int) -> [[Element]] {
        guard count > minimum else { return [] }
        return indices.map { index in
            var shorter = self
            shorter.remove(at: index)
            return shorter
        }
    }

    /// The array with one element made smaller.
    fileprivate func changed(_ smaller: (Element) -> [Element]) -> [[Element]] {
        indices.flatMap { index in
            smaller(self[index]).map { element in
                var changed = self
                changed[index] = element
                return changed
            }
        }
    }
}
